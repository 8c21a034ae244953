-- unhurried: lift the statement timeout for this transaction; compiling the plan costs more than it gains.
-- Of 16 MB a join of all generations takes parts that a processor keeps near; in 4 MB links without index sort badly.
select
    set_config('statement_timeout', '0', true),
    set_config('jit', 'off', true),
    set_config('work_mem', greatest(pg_size_bytes(current_setting('work_mem')), 16777216) / 1024 || 'kB', true)
