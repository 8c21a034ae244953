-- files: the objects in storage that are missing.
-- takes: rows
insert into storage.objects (id, bucket_id, name, owner, created_at, updated_at)
select id, bucket_id, name, owner, created_at, created_at
from jsonb_to_recordset(%(rows)s::jsonb)
    as wanted (id uuid, bucket_id text, name text, owner uuid, created_at timestamptz)
on conflict do nothing
