-- ledger_closed: the ledger is append-only again.
alter table public.credits_ledger enable always trigger refuse_ledger_change
