-- entries: the entries that the ledger lacks, added to their users' credits.
-- takes: rows
with added as (
    insert into public.credits_ledger (id, user_id, task_id, amount, type, metadata, created_at)
    select id, user_id, task_id, amount, type, metadata, created_at
    from jsonb_to_recordset(%(rows)s::jsonb) as wanted (
        id uuid, user_id uuid, task_id uuid, amount numeric, type public.credit_type, metadata jsonb,
        created_at timestamptz
    )
    on conflict do nothing
    returning user_id, amount
),
credited as (
    update public.users set credits = credits + earned.amount
    from (select user_id, sum(amount) from added group by user_id) as earned (user_id, amount)
    where users.id = earned.user_id
)
select from added
