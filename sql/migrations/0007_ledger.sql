-- ledger: credits_ledger is append-only for everyone, and users.credits is its sum.

create function public.refuse_ledger_change() returns trigger
language plpgsql set search_path = ''
as $$
begin
    -- The one change there is: a task was deleted, and its foreign key lets go of it.
    if tg_op = 'UPDATE' and new.task_id is null
        and to_jsonb(new) - 'task_id' = to_jsonb(old) - 'task_id'
        and not exists (select from public.tasks where id = old.task_id)
    then
        return new;
    end if;
    raise exception 'credits_ledger is append-only: % is refused', tg_op
    using errcode = 'restrict_violation', hint = 'Insert an entry that balances the wrong one.';
end
$$;

create function public.sync_credits_from_ledger() returns trigger
language plpgsql security definer set search_path = ''
as $$
declare
    payers uuid[] := array(select distinct user_id from new_entries);
begin
    -- A statement of its own, as for shot_data: the sum must include what the lock waited for.
    perform from public.users where id = any (payers) order by id for no key update;
    update public.users set credits = ledger.credits
    from (
        select user_id, sum(amount) from public.credits_ledger where user_id = any (payers) group by user_id
    ) as ledger (user_id, credits)
    where users.id = ledger.user_id and users.credits <> ledger.credits;
    return null;
end
$$;

revoke execute on function public.refuse_ledger_change(), public.sync_credits_from_ledger()
from public, anon, authenticated;

create trigger refuse_ledger_change before update or delete on public.credits_ledger
for each row execute function public.refuse_ledger_change();

create trigger refuse_ledger_truncate before truncate on public.credits_ledger
for each statement execute function public.refuse_ledger_change();

create trigger sync_credits_from_ledger after insert on public.credits_ledger
referencing new table as new_entries
for each statement execute function public.sync_credits_from_ledger();

-- A superuser who switches triggers off for a load cannot switch off these.
alter table public.credits_ledger enable always trigger refuse_ledger_change;
alter table public.credits_ledger enable always trigger refuse_ledger_truncate;
