"""Hostile texts that are stored come back byte for byte by every way, and none of them was more than text."""

import json
from collections.abc import Iterator
from contextlib import closing
from xml.etree import ElementTree as ET

import psycopg
import pytest

import shotkit
from shotkit.engine import Database
from shotkit.journal import Journal
from shotkit.kit import Kit
from shotkit.storage import Store
from tests.hostility.test_doors import stored
from tests.hostility.texts import FIVE_HUNDRED
from tests.load.conftest import World

ON_ONE_SERVER = "texts are bound, which is tested on each"
#: What PostgreSQL has no way to hold is refused by name: test_doors.py.
_NEVER = {"\0", *map(chr, range(0xD800, 0xE000))}
KEPT = tuple(text for text in FIVE_HUNDRED if not _NEVER & {*text})
WRITTEN = {f"public.{table}" for table in ("shots", "shot_generations", "generations", "generation_variants")}
BREAK = "set session_replication_role = replica; update public.generation_variants set name = 'Told'"


@pytest.fixture
def world(database: str) -> Iterator[World]:
    with psycopg.connect(database, autocommit=True) as connection:
        yield World(connection)


@pytest.fixture
def kit(database: str, tmp_path) -> Iterator[Kit]:
    with Kit(Database(database), Store(tmp_path), Journal(tmp_path / "journal.sqlite")) as opened:
        yield opened


def test_stored_texts_come_back_byte_for_byte_and_nothing_is_executed(world, kit, database, tmp_path):
    assert len(KEPT) > 450
    shot_id = world.shot()
    texts = {world.generation(location="/a.png"): text for text in KEPT}
    links = {world.link(shot_id, each, number): text for number, (each, text) in enumerate(texts.items())}
    before = stored(world.connection)
    shot = kit.shot(shot_id)
    for number, (link, text) in enumerate(links.items()):
        if number % 4 == 0:
            shot.set_prompts(link, text, text[::-1])
    for generation, text in texts.items():
        params = {"prompt": text, text: [text]}
        kit.generation(generation).add_variant("/b.png", name=text, params=params, is_primary=True)
    named = {kit.create_shot("Film", text).op_id: text for text in KEPT[::10] if text.strip()}
    after = stored(world.connection)
    assert {table for table in before if before[table] != after.get(table)} <= WRITTEN
    assert after.keys() == before.keys()

    snapshot = kit.snapshot(tmp_path / "snapshot").folder
    for way in (database, snapshot):
        with closing(shotkit.connect(str(way), read_only=True)) as again:
            assert_read_back(again, shot_id, texts, links, named)
    in_params = world.connection.execute("select id::text, params::text from public.generations").fetchall()
    assert {id_: json.loads(params) for id_, params in in_params} == {
        id_: {"prompt": text, text: [text]} for id_, text in texts.items()
    }
    assert_told(kit, world, texts)


def assert_read_back(kit, shot_id, texts, links, named):
    gallery = kit.generations(with_prompts=True)
    assert dict(zip(gallery["generation_id"], gallery["name"], strict=True)) == texts
    prompts = dict(zip(gallery["generation_id"], gallery["prompt"].fillna(""), strict=True))
    assert prompts == texts
    shots = kit.shots("Film").set_index("id")["name"]
    assert {id_: shots[id_] for id_ in named} == named
    pairs = kit.shot(shot_id).pair_prompts().set_index("id")[["prompt", "negative_prompt"]]
    # The last image begins no pair, and what is cleared is none.
    asked = {link: [text, text[::-1]] for link, text in list(links.items())[:-1:4] if text}
    assert {link: list(pairs.loc[link]) for link in asked} == asked
    found = kit.sql("select name from g where list_contains(?, name)", [list(texts.values())], g=gallery)
    assert sorted(found["name"]) == sorted(texts.values())


def assert_told(kit, world, texts):
    """What a report repeats is the text, but for what may be a secret in an address."""
    world.connection.execute(BREAK)
    report = kit.audit("0013")
    told = {row["generation_id"]: row["stored"] for row in json.loads(report.to_json())["findings"]}
    assert {told[id_] for id_, text in texts.items() if "//" not in text} == {
        text for text in texts.values() if "//" not in text
    }
    assert len(told) == len(texts)
    assert len(ET.fromstring(report.to_junit())) >= 1  # noqa: S314  our own
    assert "<script" not in report.to_html().lower()
