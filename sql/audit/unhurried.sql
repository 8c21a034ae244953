-- unhurried: lift the statement timeout for this transaction; compiling the plan costs more than it gains.
select set_config('statement_timeout', '0', true), set_config('jit', 'off', true)
