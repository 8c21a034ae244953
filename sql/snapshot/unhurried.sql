-- unhurried: lift the time limits for this transaction; a big table takes long, and so does a slow disk.
select
    set_config('statement_timeout', '0', true),
    set_config('idle_in_transaction_session_timeout', '0', true),
    set_config('jit', 'off', true)
