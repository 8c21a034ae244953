-- impatient: wait no longer than this for a lock, in this transaction.
-- takes: timeout
select set_config('lock_timeout', %(timeout)s, true)
