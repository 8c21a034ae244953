import json
import re

import pytest

from shotkit.demo.bulk import PER_PROJECT, projects
from shotkit.demo.fill import SIZES
from shotkit.demo.names import CLOCK
from shotkit.demo.rows import Link
from shotkit.demo.sample import SEGMENT_FRAMES, samples
from shotkit.demo.story import ADA, BEN, MAIN_SHOT, tell
from shotkit.engine import Database
from shotkit.sql import Statement
from shotkit.storage import location

LINKS = f"""
    select l.timeline_frame, l.generation_id, l.metadata, l.id
    from shot_generations l join shots s on s.id = l.shot_id
    where s.name = '{MAIN_SHOT}' order by l.timeline_frame"""


def values(connection, query):
    return [row[0] if len(row) == 1 else row for row in connection.execute(query).fetchall()]


def test_the_main_shot_stands_at_the_frames_of_the_sampled_timeline(small):
    frames = [frame for frame, *_ in values(small, LINKS) if frame is not None]
    assert frames == [0, 81, 138, 219, 268, 329, 410, 463, 520, 593, 674, 755, 836]


def test_its_pairs_carry_the_prompts_of_the_sample_and_its_segments_the_pairs(small):
    links = [link for link in values(small, LINKS) if link[0] is not None]
    prompts = [metadata.get("pair_prompt") for _, _, metadata, _ in links]
    assert prompts[:-1] == [next(s.prompt for s in samples() if s.segment == n) for n in range(12)]
    assert prompts[-1] is None
    segments = values(
        small,
        f"select c.child_order, c.pair_shot_generation_id, c.params->>'num_frames' from generations c"
        " join shot_generations p on p.generation_id = c.parent_generation_id"
        " join shots s on s.id = p.shot_id"
        f" where s.name = '{MAIN_SHOT}' order by 1",
    )
    assert segments == [(n, links[n][3], str(SEGMENT_FRAMES[n])) for n in range(12)]


def test_some_links_are_off_the_timeline_and_one_generation_is_in_the_shot_twice(small):
    links = values(small, LINKS)
    assert sum(frame is None for frame, *_ in links) == 5
    assert len(links) - len({generation for _, generation, *_ in links}) == 1
    assert any(metadata is None for _, _, metadata, _ in links)
    twice = "select shot_data from generations where shot_data::text ~ '[0-9], '"
    frames = [frames for shot_data in values(small, twice) for frames in shot_data.values()]
    assert sorted(frames) == [[0, 366], [268, None]]


def test_it_has_what_a_real_project_has(small):
    one = {
        "an empty shot": "select count(*) from shots where not exists"
        " (select from shot_generations where shot_id = shots.id)",
        "an empty project": "select count(*) from projects where not exists"
        " (select from shots where project_id = projects.id)",
        "a second shot of one project": "select count(*) - 2 from shots join projects p on p.id = project_id"
        " where p.name = 'Valley films'",
        "four variants": "select least(count(*), 1) from (select from generation_variants"
        " group by generation_id having count(*) = 4) as four",
        "a generation in two shots": "select count(*) - 1 from generations where"
        " (select count(*) from jsonb_object_keys(shot_data)) = 2",
        "a third edit": "select least(count(*), 1) from generations a join generations b on b.id = a.based_on"
        " join generations c on c.id = b.based_on where c.based_on is not null",
        "new variants": "select least(count(*), 1) from generation_variants where viewed_at is null",
    }
    assert {what: values(small, query) for what, query in one.items()} == {what: [1] for what in one}
    assert len(values(small, "select distinct status from tasks")) == 5
    assert set(values(small, "select distinct type::text from credits_ledger")) == {
        "manual", "stripe", "spend", "refund", "auto_topup",
    }  # fmt: skip
    assert set(values(small, "select distinct variant_type from generation_variants")) == {
        "original", "upscale", "repositioned", "edit", "magic_edit", "individual_segment", "travel_stitch",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("user", "names"), [(ADA, {"Valley films", "Sketches", "Nothing yet"}), (BEN, {"Private garden"})]
)
def test_a_user_sees_his_own_projects_alone(clone, user, names):
    database = Database(clone.conninfo, user_id=user.id)
    seen = database.rows(Statement("projects", "test", {}, frozenset(), "select name from projects"))
    database.close()
    assert {row["name"] for row in seen} == names


def test_every_file_that_a_row_names_is_in_the_store(small, store):
    named = values(
        small,
        "select location from generation_variants union select thumbnail_url from generation_variants"
        " union select location from generations"
        " union select output_location from tasks where output_location <> ''",
    )
    objects = values(small, "select bucket_id, name from storage.objects")
    assert set(named) == {location(bucket, name) for bucket, name in objects}
    assert all(store.exists(address) for address in named)


def test_the_sample_covers_the_timeline_and_names_no_foreign_host():
    assert {sample.segment for sample in samples()} == set(range(12))
    assert all(6_000 < len(sample.text) < 9_000 for sample in samples())
    text = "".join(sample.text for sample in samples())
    assert set(re.findall(r"https?://([^/\"]+)", text)) == {"media.example.org", "models.example.org"}
    assert "@" not in text


def test_the_params_of_segments_name_their_own_rows():
    story = tell()
    owned = {user.id: [] for user in (ADA, BEN)}
    for project in story.chunk.projects:
        owned[project.user_id].append(project.id)
    ids = {row.id for rows in vars(story.chunk).values() for row in rows if hasattr(row, "id")}
    for segment in (generation for generation in story.chunk.generations if generation.is_child):
        params = story.chunk.params[segment.params_key].own
        assert params["project_id"] == segment.project_id
        assert params["parent_generation_id"] == segment.parent_generation_id
        assert params["pair_shot_generation_id"] == segment.pair_shot_generation_id
        assert {params["start_image_generation_id"], params["end_image_generation_id"]} <= ids
        assert params["orchestrator_details"]["shot_id"] in ids


@pytest.mark.parametrize("size", ["medium", "large"])
def test_bulk_projects_fill_each_size_exactly(size):
    assert (SIZES[size] - SIZES["small"]) % PER_PROJECT == 0


def test_a_bulk_project_is_the_same_in_every_size():
    story = tell()
    few, more = list(projects(story, 5)), list(projects(tell(), 9))
    assert json.dumps(few, default=vars) == json.dumps(more[:5], default=vars)
    assert all(len(chunk.generations) == PER_PROJECT for chunk in more)
    ids = [
        row.id
        for chunk in [story.chunk, *more]
        for rows in vars(chunk).values()
        for row in rows
        if hasattr(row, "id")
    ]
    assert len(ids) == len(set(ids))


def test_shot_data_is_planned_ascending_with_the_unpositioned_last():
    chunk = tell().chunk
    generation = chunk.generations[0]
    for number, frame in enumerate((None, 81, 5, None)):
        chunk.add_link(Link(str(number), "shot", generation.id, frame, {}, CLOCK.isoformat()), generation)
    assert generation.shot_data["shot"] == [5, 81, None, None]
