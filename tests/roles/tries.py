"""What is tried on each table; %(shot)s and its like are Ann's, %(own_shot)s and its like Ben's."""

COMMANDS = ("select", "insert", "update", "delete")
#: The table: whose row is tried there.
TABLES = {
    "public.users": "user",
    "public.projects": "project",
    "public.shots": "shot",
    "public.shot_generations": "link",
    "public.generations": "generation",
    "public.generation_variants": "variant",
    "public.tasks": "task",
    "public.credits_ledger": "entry",
    "storage.buckets": None,
    "storage.objects": "object",
}
_INSERTED = {
    "public.users": ("id", "gen_random_uuid()"),
    "public.projects": ("name, user_id", "'p', %(user)s"),
    "public.shots": ("name, project_id", "'s', %(project)s"),
    "public.shot_generations": ("shot_id, generation_id", "%(shot)s, %(generation)s"),
    "public.generations": ("location, project_id", "'a.png', %(project)s"),
    "public.generation_variants": ("generation_id, location, project_id", "%(generation)s, 'b', %(project)s"),
    "public.tasks": ("task_type, project_id", "'t', %(project)s"),
    "public.credits_ledger": ("user_id, amount, type", "%(user)s, 1, 'manual'"),
    "storage.buckets": ("id, name", "'mine', 'mine'"),
    "storage.objects": ("bucket_id, name", "'training-data', %(user)s || '/b.mp4'"),
}
_UPDATED = {
    "public.users": "name = 'x'",
    "public.projects": "name = 'x'",
    "public.shots": "name = 'x'",
    "public.shot_generations": "timeline_frame = 1",
    "public.generations": "starred = true",
    "public.generation_variants": "starred = true",
    "public.tasks": "status = 'Cancelled'",
    "public.credits_ledger": "metadata = '{}'",
    "storage.buckets": "public = true",
    "storage.objects": "metadata = '{}'",
}
# No column is read, so that the policy for SELECT is not asked.
_TAKEN = {
    "public.projects": "user_id = %(own_user)s",
    "public.shots": "project_id = %(own_project)s",
    "public.shot_generations": "shot_id = %(own_shot)s, generation_id = %(own_generation)s",
    "public.generations": "project_id = %(own_project)s",
    "public.generation_variants": "generation_id = %(own_generation)s, project_id = %(own_project)s",
    "storage.objects": "name = %(own_user)s || '/' || gen_random_uuid()",
}


def _tries(table: str) -> dict[tuple[str, str], str]:
    columns, values = _INSERTED[table]
    change = _UPDATED[table]
    found = {
        ("select", "all"): f"select to_jsonb(t)::text from {table} as t",
        ("select", "by an error"): f"select 1 from {table} as t where to_jsonb(t)::text::integer > 0",
        ("insert", "one"): f"insert into {table} ({columns}) values ({values})",
        ("update", "all"): f"update {table} set {change}",
        ("delete", "all"): f"delete from {table}",
    }
    if table in _TAKEN:
        found["update", "taken over"] = f"update {table} set {_TAKEN[table]}"
    if name := TABLES[table]:
        one = f"id = %({name})s"
        own = columns if columns == "id" else f"id, {columns}"
        upsert = f"%({name})s" + ("" if columns == "id" else f", {values}")
        found |= {
            ("select", "one"): f"select to_jsonb(t)::text from {table} as t where {one}",
            ("select", "held"): f"select to_jsonb(t)::text from {table} as t where {one} for update",
            ("insert", "over one"): f"insert into {table} ({own}) values ({upsert})"
            f" on conflict (id) do update set {change} returning id::text",
            ("update", "one"): f"update {table} set {change} where {one} returning id::text",
            ("delete", "one"): f"delete from {table} where {one} returning id::text",
        }
    return found


#: By table, then by command and name.
TRIES = {table: _tries(table) for table in TABLES}

#: Ways round, which only another user with rows of his own has.
THEFTS = {
    "his generation into Ann's shot": "insert into shot_generations (shot_id, generation_id)"
    " values (%(shot)s, %(own_generation)s)",
    "Ann's generation into his shot": "insert into shot_generations (shot_id, generation_id)"
    " values (%(own_shot)s, %(generation)s)",
    "his link over to Ann's generation": "update shot_generations set generation_id = %(generation)s"
    " where id = %(own_link)s",
    "his link over to Ann's shot": "update shot_generations set shot_id = %(shot)s where id = %(own_link)s",
    "his shot into Ann's project": "update shots set project_id = %(project)s where id = %(own_shot)s",
    "his generation into Ann's project": "update generations set project_id = %(project)s",
    "his project to Ann": "update projects set user_id = %(user)s where id = %(own_project)s",
    "a variant of Ann's generation, told to be his": "insert into generation_variants"
    " (generation_id, location, is_primary, project_id) values (%(generation)s, 'x', true, %(own_project)s)",
    "a variant of Ann's generation, of no project": "insert into generation_variants"
    " (generation_id, location, is_primary) values (%(generation)s, 'x', true)",
    "his generation made from Ann's": "with made as (update generations set based_on = %(generation)s"
    " where id = %(own_generation)s returning based_on) select g.location from generations g, made"
    " where g.id = made.based_on",
    "his file into Ann's folder": "update storage.objects set name = %(user)s || '/x'"
    " where id = %(own_object)s",
    "a trigger switched off": "alter table public.shot_generations disable trigger user",
    "row level security switched off": "alter table public.shots disable row level security",
}  # fmt: skip
#: Columns and states that are nobody's to write, not even their owner's.
FORBIDDEN = (
    "update generations set shot_data = '{}'",
    "update generations set primary_variant_id = null",
    "insert into generations (project_id, shot_data) values (%(project)s, '{}')",
    "insert into generations (project_id, primary_variant_id) values (%(project)s, null)",
    "update users set credits = 1000",
    "update users set given_credits = true",
    "insert into users (id, credits) values (%(user)s, 1000)",
    "update tasks set output_location = 'x'",
    "update tasks set status = 'Complete'",
    "insert into tasks (task_type, project_id, status) values ('t', %(project)s, 'Complete')",
)
