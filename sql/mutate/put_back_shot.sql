-- put_back_shot: insert a shot as it was, behind the last one where its position is taken by now.
-- takes: row
with old as (
    select s.* from jsonb_populate_record(null::public.shots, %(row)s::jsonb) as s
),

others as (
    select coalesce(max(s.position), 0) + 1 as behind, coalesce(bool_or(s.position = old.position), false) as is_taken
    from old
    inner join public.shots as s on s.project_id = old.project_id
)

insert into public.shots
select (jsonb_populate_record(
    null::public.shots,
    %(row)s::jsonb || case when is_taken then jsonb_build_object('position', behind) else '{}' end
)).*
from others
