"""What is read in bulk comes in the order, and with the numbers, that the server gives for a page of it."""

import pytest

MADE = """
insert into generations (
    id, project_id, location, type, is_child, parent_generation_id, child_order, created_at, starred
)
select
    md5('g' || n)::uuid, %(project)s, '/' || n || case when n %% 5 = 0 then '.mp4' else '.png' end, 'image',
    n %% 3 = 0,
    case when n %% 3 = 0 then md5('g' || n %% 4 * 3 + 1)::uuid end,
    case when n %% 2 = 0 then n %% 7 end, timestamptz '2026-01-01' + n %% 6 * interval '1 hour', n %% 4 = 0
from generate_series(1, 60) as n order by n %% 3 = 0;
insert into generation_variants (generation_id, project_id, location, is_primary)
select
    md5('g' || n)::uuid, %(project)s, '/' || n || '-' || copy, false
from generate_series(1, 60, 4) as n, generate_series(1, 3) as copy;
insert into shot_generations (shot_id, generation_id, timeline_frame, created_at)
select
    case when n %% 2 = 0 then %(shot)s::uuid else %(other)s::uuid end, md5('g' || n)::uuid,
    case when n %% 5 > 0 then n * 7 %% 90 end, timestamptz '2026-01-01' + n %% 3 * interval '1 hour'
from generate_series(1, 60) as n
"""
LINKS = """
select id::text from shot_generations order by shot_id, timeline_frame nulls last, created_at, id
"""
# An older schema keeps no viewed_at.
KEEPS_VIEWED = """
select from information_schema.columns where table_name = 'generation_variants' and column_name = 'viewed_at'
"""
VIEWED = "update generation_variants set viewed_at = now() where location like '%-2'"
ALL = 10**6


@pytest.fixture
def filled(world, kit):
    world.connection.execute("set session_replication_role = replica")
    given = {"project": world.project, "shot": world.shot(), "other": world.shot()}
    for statement in MADE.split(";"):
        world.connection.execute(statement, given)
    if world.connection.execute(KEEPS_VIEWED).rowcount:
        world.connection.execute(VIEWED)
    world.connection.execute("set session_replication_role = origin")
    return kit


@pytest.mark.parametrize(
    "flags",
    [{}, {"children": True}, {"media_type": "video"}, {"media_type": "image", "starred": True},
     {"edits_only": True}, {"in_no_shot": True}],
    ids=str,
)  # fmt: skip
def test_all_generations_come_as_a_page_of_that_many_does(filled, flags):
    everything = filled.generations(**flags)
    assert everything.equals(filled.generations(**flags, limit=ALL))
    assert len(everything) or flags == {"edits_only": True}


def test_all_links_come_as_the_server_would_sort_them(world, filled):
    found = [id_ for (id_,) in world.connection.execute(LINKS)]
    assert filled.links()["id"].to_list() == found
    assert len(found) == 60
