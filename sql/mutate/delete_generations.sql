-- delete_generations: delete generations and with them their variants and links.
-- takes: generation_ids
delete from public.generations where id = any(%(generation_ids)s::uuid[])
