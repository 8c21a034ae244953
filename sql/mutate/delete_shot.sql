-- delete_shot: delete a shot and with it its links.
-- takes: shot_id
delete from public.shots where id = %(shot_id)s::uuid
