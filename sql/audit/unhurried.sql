-- unhurried: lift the statement timeout for this transaction; compiling the plan costs more than it gains.
-- In 64 MB a join of all generations is put aside in fewer parts, if at all: a sixth of the time.
select
    set_config('statement_timeout', '0', true),
    set_config('jit', 'off', true),
    set_config('work_mem', greatest(pg_size_bytes(current_setting('work_mem')), 67108864) / 1024 || 'kB', true)
