-- delete_shot: delete a shot, and with it its links.
-- takes: id
delete from public.shots where id = %(id)s::uuid
