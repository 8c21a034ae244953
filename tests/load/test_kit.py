"""The kit: what there is, found by id or name, filtered, under a user's rights, whatever is typed."""

import uuid
from decimal import Decimal
from unittest import mock

import pandas as pd
import psycopg
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg.types.json import Jsonb

from shotkit import ConfigurationError, NotFoundError
from shotkit.load.gallery import GalleryFilter, load_gallery
from shotkit.load.shown import with_identities
from shotkit.model import is_video, url_identity
from shotkit.model.tables import (
    ALL_LINKS,
    GALLERY,
    GALLERY_WITH_PROMPTS,
    LEDGER,
    PROJECTS,
    SHOTS,
    TASKS,
    VARIANTS,
)

HOSTILE = [
    "'; drop table public.shots; --",
    "%",
    "_",
    "\\",
    '"',
    "%(name)s",
    "<b>",
    "\x1b[31m",
    "\u202e",
    "''",
    "$1",
]
UNHEARD_OF = "00000000-0000-0000-0000-000000000000"


def shown(kit, **filters) -> list[str]:
    return kit.generations(**filters)["generation_id"].to_list()


def test_every_list_has_its_stated_columns_and_arrow_types(world, kit):
    generation = world.generation()
    world.link(world.shot(), generation, 0)
    one, other = uuid.uuid4(), uuid.uuid4()
    needed = one if world.schema == "s" else [one, other]
    world.insert("tasks", task_type="travel", params="{}", project_id=world.project, dependant_on=needed)
    world.insert("credits_ledger", user_id=world.user, amount=Decimal("-1.234"), type="spend")
    handed_out = [
        (kit.projects(), PROJECTS),
        (kit.shots(), SHOTS),
        (kit.links(), ALL_LINKS),
        (kit.generations(), GALLERY),
        (kit.generations(with_prompts=True), GALLERY_WITH_PROMPTS),
        (kit.variants(generation), VARIANTS),
        (kit.tasks(), TASKS),
        (kit.ledger(), LEDGER),
    ]
    for frame, schema in handed_out:
        assert len(frame) >= 1
        found = {name: dtype.pyarrow_dtype for name, dtype in frame.dtypes.items()}
        assert list(found.items()) == [(field.name, field.type) for field in schema]
        table = pa.Table.from_pandas(frame, preserve_index=False)
        required = [field.name for field in schema if not field.nullable]
        assert all(table[name].null_count == 0 for name in required)
    assert kit.ledger()["amount"].to_list() == [Decimal("-1.234")]
    assert len(kit.tasks()["dependant_on"].iloc[0]) == (1 if world.schema == "s" else 2)


def test_an_empty_database_hands_out_empty_frames_of_the_same_columns(kits, database):
    kit = kits()
    for frame, schema in (
        (kit.projects(), PROJECTS),
        (kit.shots(), SHOTS),
        (kit.links(), ALL_LINKS),
        (kit.generations(with_prompts=True), GALLERY_WITH_PROMPTS),
        (kit.tasks(), TASKS),
        (kit.ledger(), LEDGER),
    ):
        assert len(frame) == 0
        assert list(frame.columns) == schema.names


def test_everything_is_read_in_bulk_as_project_by_project(world, kit):
    other = world.insert("projects", name="Other", user_id=world.user)
    for project in (world.project, other):
        shot = world.shot(project=project)
        for frame in (50, None, 0):
            generation = world.generation(project, starred=frame == 0, child_order=frame)
            world.link(shot, generation, frame, {"pair_prompt": "100 %"})
    for read, ids, filters in (
        (kit.links, "id", {}),
        (kit.generations, "generation_id", {}),
        (kit.generations, "generation_id", {"starred": True, "media_type": "image"}),
    ):
        parts = pd.concat([read(project, **filters) for project in (world.project, other)])
        whole = read(**filters)
        assert len(whole) == len(parts) > 0
        pd.testing.assert_frame_equal(
            whole.sort_values(ids, ignore_index=True), parts.sort_values(ids, ignore_index=True)
        )
    assert kit.links("Film")["timeline_frame"].to_list() == [0, 50, pd.NA]


def test_shots_come_by_position_with_their_numbers_of_links(world, kit):
    second, first = (world.insert("shots", name="s", project_id=world.project, position=n) for n in (2, 1))
    generation = world.generation()
    for frame in (0, None, -1):
        world.link(second, generation, frame)
    shots = kit.shots("Film")
    assert shots["id"].to_list() == [first, second]
    assert shots["links"].to_list() == [0, 3]
    assert shots["positioned"].to_list() == [0, 1]


def test_a_shot_is_found_by_its_id_in_any_case_or_its_name(world, kit):
    id_ = world.shot("Dawn")
    for key in (id_, id_.upper(), uuid.UUID(id_), "Dawn"):
        assert kit.shot(key).id == id_


def test_a_shot_named_like_an_id_is_found_unless_the_id_is_anothers(world, kit):
    other = world.shot("Other")
    named = world.shot(UNHEARD_OF)
    world.shot(other)
    assert kit.shot(UNHEARD_OF).id == named
    assert kit.shot(other).id == other


def test_an_unknown_name_is_told_with_what_is_close_to_it(world, kit):
    world.shot("Valley, dawn to night")
    with pytest.raises(NotFoundError, match="'Valley, dawn to night'"):
        kit.shot("valley, dawn to nite")
    with pytest.raises(NotFoundError, match="'Film'"):
        kit.shots("film")
    with pytest.raises(NotFoundError, match=UNHEARD_OF):
        kit.shot(UNHEARD_OF)


def test_a_name_used_twice_is_told_with_its_ids(world, kit):
    ids = {world.shot("Dawn"), world.shot("Dawn")}
    with pytest.raises(ConfigurationError) as caught:
        kit.shot("Dawn")
    assert all(id_ in str(caught.value) for id_ in ids)
    assert {kit.shot(id_).id for id_ in ids} == ids


@pytest.mark.parametrize("name", [*HOSTILE, "x" * 100_000, ""], ids=lambda name: repr(name)[:20])
def test_hostile_names_find_what_is_named_so_and_nothing_else(world, kit, name):
    world.shot("Dawn")
    with pytest.raises(NotFoundError) as caught:
        kit.shot(name)
    assert len(str(caught.value)) < 300
    assert str(caught.value).isprintable()
    id_ = world.shot(name)
    found = kit.shot(name)
    assert found.id == id_
    assert repr(found).isprintable()
    assert "<b>" not in found._repr_html_().removeprefix("<b>")
    assert len(kit.shots()) == 2


@pytest.mark.parametrize("name", ["a\0b", "\ud800"])
def test_what_no_text_can_hold_is_refused_by_name(world, kit, name):
    for call in (lambda: kit.shot(name), lambda: kit.shots(name), lambda: kit.generations(prompt=name)):
        with pytest.raises(ConfigurationError, match="that no text in PostgreSQL can hold"):
            call()


@pytest.mark.parametrize("id_", ["x", "", None, 5, "{" + UNHEARD_OF + "}", UNHEARD_OF + "'"])
def test_what_is_no_id_is_refused_before_the_server_sees_it(world, kit, id_, statements):
    with pytest.raises(ConfigurationError, match="give a UUID"):
        kit.variants(id_)
    assert statements == []


def test_variants_of_an_unknown_generation_are_not_found_and_of_one_without_any_are_none(world, kit):
    with pytest.raises(NotFoundError, match=UNHEARD_OF):
        kit.variants(UNHEARD_OF)
    assert len(kit.variants(world.generation(location=None, type="video"))) == 0


def test_the_gallery_leaves_out_children_and_what_has_no_location_and_shows_the_newest_first(world, kit):
    old, new = (world.generation(created_at=f"2026-01-0{day}") for day in (1, 2))
    world.generation(location=None)
    world.generation(is_child=True, parent_generation_id=old)
    assert shown(kit) == [new, old]
    assert shown(kit, limit=1) == [new]
    assert shown(kit, limit=0) == []


def test_children_come_by_their_order(world, kit):
    parent, other = world.generation(), world.generation()
    second, first, unordered = (
        world.generation(is_child=True, parent_generation_id=parent, child_order=n) for n in (1, 0, None)
    )
    foreign = world.generation(is_child=True, parent_generation_id=other)
    assert shown(kit, parent=parent) == [first, second, unordered]
    assert set(shown(kit, children=True)) == {first, second, unordered, foreign}


def test_the_gallery_filters_by_media_stars_edits_and_project(world, kit):
    image = world.generation(starred=True)
    video = world.generation(location="/v.MOV#t=1", based_on=image)
    elsewhere = world.generation(project=world.insert("projects", name="Second", user_id=world.user))
    assert set(shown(kit)) == {image, video, elsewhere}
    assert set(shown(kit, project="Film")) == {image, video}
    assert shown(kit, project="Film", media_type="image") == [image]
    assert shown(kit, media_type="video") == [video]
    assert shown(kit, starred=True) == [image]
    assert shown(kit, edits_only=True) == [video]
    assert shown(kit, starred=True, media_type="video") == []


@pytest.mark.only_on("own", "j", "a", because="a scalar loses one of two frames")
def test_the_gallery_filters_by_shot(world, kit):
    shot, other = world.shot("Dawn"), world.shot("Dusk")
    placed, half, loose, foreign, scalar, nothing, null = (world.generation() for _ in range(7))
    world.link(shot, placed, 5)
    world.link(shot, half, 5)
    world.link(shot, half, None)
    world.link(shot, loose, None)
    world.link(other, foreign, 5)
    world.store(scalar, f'{{"{shot}": 30}}')
    world.store(null, None)
    assert set(shown(kit, shot="Dawn")) == {placed, half, loose, scalar}
    assert shown(kit, shot=shot, unpositioned=True) == [loose]
    assert set(shown(kit, in_no_shot=True)) == {nothing, null}


PROMPTS = [
    (
        {"originalParams": {"orchestrator_details": {"prompt": "first"}}, "prompt": "no", "seed": 7},
        "first",
        7,
    ),
    ({"prompt": "second", "metadata": {"prompt": "no", "seed": 8}}, "second", 8),
    ({"metadata": {"prompt": "third"}, "seed": 2**70}, "third", None),
    ({"seed": "random"}, None, None),
    (None, None, None),
    ([1], None, None),
]


def test_prompts_and_seeds_are_read_on_request_and_only_then(world, kit, statements):
    expected = {world.generation(params=Jsonb(params)): (prompt, seed) for params, prompt, seed in PROMPTS}
    statements.clear()
    assert "prompt" not in kit.generations(limit=9)
    assert statements == ["gallery"]
    table = pa.Table.from_pandas(kit.generations(with_prompts=True), preserve_index=False)
    found = {row["generation_id"]: (row["prompt"], row["seed"]) for row in table.to_pylist()}
    assert found == expected
    assert statements == ["gallery", "gallery", "prompts"]


@pytest.mark.parametrize("text", HOSTILE)
def test_text_of_a_prompt_is_found_literally(world, kit, text):
    meant = world.generation(params=Jsonb({"prompt": f"A {text} b"}))
    world.generation(params=Jsonb({"prompt": "plain words"}))
    world.generation()
    assert shown(kit, prompt=text) == [meant]
    assert shown(kit, prompt=f"a {text} B") == [meant]


@pytest.mark.parametrize(
    "filters",
    [{"media_type": "audio"}, {"unpositioned": True}, {"limit": -1}, {"limit": 2**63}, {"parent": "x"}],
    ids=str,
)
def test_a_filter_that_makes_no_sense_is_refused(kit, filters):
    with pytest.raises(ConfigurationError):
        kit.generations(**filters)


def test_in_a_shot_and_in_none_is_refused(world, kit):
    with pytest.raises(ConfigurationError, match="in_no_shot"):
        kit.generations(shot=world.shot(), in_no_shot=True)


@pytest.mark.only_on("own", "j", "a", because="S does not say what was viewed")
def test_variants_are_counted_and_the_primary_comes_first(world, kit):
    generation = world.generation()
    world.insert(
        "generation_variants", generation_id=generation, location="/b.mp4?t=1", viewed_at="2026-01-01"
    )
    (row,) = kit.generations().to_dict("records")
    assert (row["derived_count"], row["unviewed_count"]) == (2, 1)
    variants = kit.variants(generation)
    assert variants["is_primary"].to_list() == [True, False]
    assert variants["is_video"].to_list() == [False, True]
    assert variants["url_identity"].to_list()[1] == "/b.mp4"


@pytest.mark.only_on("own", because="it makes an older schema of ours")
def test_older_schemas_without_the_newer_columns_are_read_too(world, kit):
    generation = world.generation()
    world.insert("tasks", task_type="t", params="{}", project_id=world.project)
    world.connection.execute("set session_replication_role = replica")
    world.connection.execute(
        """
        alter table public.generation_variants drop column viewed_at, drop column starred;
        alter table public.generations drop column pair_shot_generation_id cascade;
        alter table public.tasks drop column dependant_on, drop column idempotency_key, add dependant_on uuid;
        """
    )
    world.connection.execute("update public.tasks set dependant_on = id")
    assert kit.variants(generation)["starred"].to_list() == [False]
    assert kit.generations()["unviewed_count"].to_list() == [0]
    (task,) = kit.tasks().to_dict("records")
    assert list(task["dependant_on"]) == [task["id"]]


def test_one_user_sees_nothing_of_another(world, kits):
    shot = world.shot()
    generation = world.generation()
    world.link(shot, generation, 0)
    world.insert("tasks", task_type="t", params="{}", project_id=world.project)
    world.insert("credits_ledger", user_id=world.user, amount=1, type="manual")
    stranger = world.insert("users", name="Eve")
    owns, sees_nothing = kits(user_id=world.user), kits(user_id=stranger)
    lists = ["projects", "shots", "links", "generations", "tasks", "ledger"]
    assert [len(getattr(owns, name)()) for name in lists] == [1, 1, 1, 1, 1, 1]
    assert [len(getattr(sees_nothing, name)()) for name in lists] == [0, 0, 0, 0, 0, 0]
    assert len(owns.variants(generation)) == 1
    assert len(owns.shot(shot).generations()) == 1
    for call in (
        lambda: sees_nothing.shot(shot),
        lambda: sees_nothing.shot("Dawn"),
        lambda: sees_nothing.shots("Film"),
        lambda: sees_nothing.variants(generation),
    ):
        with pytest.raises(NotFoundError) as caught:
            call()
        assert "close" not in str(caught.value)
    held = type(owns.shot(shot))(sees_nothing._session, shot, "Dawn", world.project)
    for read in (held.images, held.links, held.generations, held.drift):
        with pytest.raises(NotFoundError, match=f"There is no shot {shot} any more, or none that this user"):
            read()
    assert len(sees_nothing.ledger(world.user)) == 0


URLS = st.one_of(
    st.none(),
    st.text(alphabet=st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=12),
    st.from_regex(r"/[a-z.?#\n/]{0,6}\.(mp4|WebM|mov|MOV|mp4x|png)[a-z.?#\n/]{0,6}", fullmatch=True),
)
TYPES = st.sampled_from(["image", "video", "video_travel_output", "Video", ""])


def _in_two(values):
    whole = pa.array(["before?", *values], pa.string())
    return pa.chunked_array([whole.slice(1, len(values) // 2), whole.slice(1 + len(values) // 2)])


@given(pairs=st.lists(st.tuples(URLS, TYPES), max_size=8), looked_at=st.sampled_from([1, 8, 2**20]))
def test_whole_columns_are_judged_as_one_address_is(pairs, looked_at):
    locations, types = [location for location, _ in pairs], [type_ for _, type_ in pairs]
    columns = {"location": _in_two(locations), "thumbnail_url": _in_two(locations), "type": _in_two(types)}
    with mock.patch("shotkit.model.columns._SLICE", looked_at):
        judged = with_identities(pa.table(columns))
    assert judged["url_identity"].to_pylist() == [url_identity(location) for location in locations]
    assert judged["thumb_url_identity"].to_pylist() == [url_identity(location) for location in locations]
    assert judged["is_video"].to_pylist() == [is_video(type_, location) for location, type_ in pairs]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pairs=st.lists(st.tuples(URLS.filter(lambda url: url is not None), TYPES), max_size=8))
def test_the_media_filter_judges_as_the_rule_does(world, kit, pairs):
    world.connection.execute("truncate public.generations cascade")
    for location, type_ in pairs:
        world.generation(location=location, type=type_)
    for media_type, wanted in (("video", True), ("image", False)):
        found = load_gallery(kit.database, GalleryFilter(media_type=media_type), with_prompts=False)
        assert all(is_video is wanted for is_video in found["is_video"].to_pylist())
        assert len(found) == sum(is_video(type_, location) is wanted for location, type_ in pairs)


def test_a_kit_closes_and_its_repr_shows_where_without_a_secret(kits, database):
    with kits(read_only=True) as kit:
        assert repr(kit).startswith("<Kit on ")
        assert repr(kit).endswith(", read-only>")
        assert " 0x" not in repr(kit)
    embedded = kits(embedded=True)
    assert repr(embedded) == "<Kit on the embedded database>"
    assert psycopg.conninfo.conninfo_to_dict(database)["dbname"] not in repr(embedded)
