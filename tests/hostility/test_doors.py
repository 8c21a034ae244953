"""Five hundred hostile texts through every public parameter: refused by name, or no more than text."""

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from itertools import count, islice

import click
import psycopg
import pytest

from shotkit import given, storage
from shotkit.audit.catalog import chosen
from shotkit.engine import Database, resolve
from shotkit.engine.identity import identity
from shotkit.errors import ShotkitError
from shotkit.journal import Journal
from shotkit.kit import Kit
from shotkit.load import GalleryFilter
from shotkit.mutate import AddVariant, Links, SetPrompts
from shotkit.mutate.change import checked_op_id
from shotkit.storage import Store
from tests.hostility.doors import Door, World, commands, handles
from tests.hostility.texts import FIVE_HUNDRED, NOBODY
from tests.load.conftest import World as Rows
from tests.plugins.servers import create_database

ON_ONE_SERVER = "what is refused here never reaches a server"
LONGEST = 4_000  # characters of an error
BY_HANDLE, BY_COMMAND = 3, 2  # texts that each parameter is tried with; all are used by turns
#: The words of a server whose statement failed: ours would have been refused before, or bound.
_SERVERS = re.compile(
    r"syntax error|The server (said|refused)|SQLSTATE|invalid input syntax|invalid byte", re.IGNORECASE
)
_HASH = "select md5(coalesce(string_agg(md5(t::text), '' order by md5(t::text)), '')) from {} as t"
_NUMBERS = count()


def stored(connection: psycopg.Connection) -> dict[str, str]:
    """What every table of the database holds, as one hash each."""
    tables = connection.execute(
        "select format('%I.%I', schemaname, tablename) from pg_tables"
        " where schemaname <> all ('{pg_catalog,information_schema}') order by 1"
    ).fetchall()
    return {table: connection.execute(_HASH.format(table)).fetchone()[0] for (table,) in tables}


@pytest.fixture(scope="module")
def address(server, template) -> str:
    return create_database(server, f"hostile_{next(_NUMBERS)}_scratch", template)


@pytest.fixture(scope="module")
def connection(address: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(address, autocommit=True) as opened:
        yield opened


@pytest.fixture(scope="module")
def world(address: str, connection: psycopg.Connection, tmp_path_factory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("hostile")
    rows = Rows(connection)
    shot = rows.shot()
    generations = [rows.generation() for _ in range(3)]
    links = [rows.link(shot, generation, 40 * at) for at, generation in enumerate(generations)]
    [variant] = connection.execute(
        "select id::text from public.generation_variants where generation_id = %s", (generations[0],)
    ).fetchone()
    with Kit(Database(address), Store(folder / "storage"), Journal(folder / "journal.sqlite")) as kit:
        yield World(address, folder, kit, rows.project, shot, generations[0], variant, links)


@pytest.fixture
def unchanged(connection: psycopg.Connection, world: World, tmp_path, monkeypatch) -> Iterator[None]:
    """Runs in a folder of its own; afterwards every table holds what it held."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(os, "execve", lambda *_: None)
    before = stored(connection)
    yield
    assert stored(connection) == before


def by_turns(doors: list[Door], each: int, start: int = 0) -> Iterator[tuple[Door, str]]:
    """Give every door as many of the texts, all of them by turns."""
    turn = start
    for door in doors:
        texts = (FIVE_HUNDRED[(turn + at) % len(FIVE_HUNDRED)] for at in count())
        yield from ((door, text) for text in islice(filter(door.takes, texts), each))
        turn += each


def _is_argument(text: str) -> bool:
    """Whether a program can be given it: no NUL, half a pair only as what a byte became."""
    with suppress(UnicodeEncodeError):
        return b"\0" not in os.fsencode(text)
    return False


def wrong(door: Door, world: World, text: str) -> str | None:
    """Return what is wrong about how a text was met, or None."""
    found: str | None = "was taken"
    try:
        door.enter(world, text)
    except ShotkitError as error:
        found = _badly_told(door, str(error))
    except (click.ClickException, SystemExit):
        found = None
    except AttributeError as error:
        found = None if door.is_object else f"was used as a handle: {error}"
    except Exception as error:  # noqa: BLE001  any other is what this test is about
        found = f"raised {type(error).__name__}: {error!s:.200}"
    else:
        found = None if door.is_free else found
    return found and f"{door.name} with {text[:60]!r} {found}"


def _badly_told(door: Door, told: str) -> str | None:
    if door.name.startswith("Kit.sql"):
        return None  # in DuckDB's own words
    if _SERVERS.search(told):
        return f"reached the server: {told}"
    if not door.is_path and ("\n" in told or len(told) > LONGEST):
        return f"is told in {len(told.splitlines())} lines of {len(told)} characters"
    return None if door.is_free or re.search(door.words, told) else f"is not named: {told}"


def test_there_are_five_hundred_texts():
    assert len(set(FIVE_HUNDRED)) == len(FIVE_HUNDRED) == 500


# What a text meets before anything else: cheap, so each with every text.
PURE = {
    "as_id": given.as_id,
    "required_id": partial(given.required_id, what="shot"),
    "as_ids": partial(given.as_ids, name="The links"),
    "as_flag": partial(given.as_flag, name="dry_run"),
    "as_number": partial(given.as_number, what="frame", least=0),
    "as_text": partial(given.as_text, what="prompt"),
    "as_path": partial(given.as_path, what="folder"),
    "storable": partial(given.storable, what="name"),
    "checked_op_id": checked_op_id,
    "Links.known": Links([]).known,
    "GalleryFilter.media_type": lambda text: GalleryFilter(media_type=text),
    "GalleryFilter.limit": lambda text: GalleryFilter(limit=text),
    "GalleryFilter.prompt": lambda text: GalleryFilter(prompt=text).parameters(),
    "AddVariant": lambda text: AddVariant(text).parameters({}),
    "SetPrompts": lambda text: SetPrompts(text, text).plan(Links([])),
    "user_id": lambda text: identity(text, None),
    "role": lambda text: identity(None, text),
    "jwt": lambda text: identity(None, None, text),
    "resolve": resolve,
    "chosen": chosen,
    "upload_path": partial(storage.upload_path, NOBODY),
    "upload_path user": lambda text: storage.upload_path(text, "a.png"),
    "check_path": partial(storage.check_path, user_id=NOBODY),
    "file_extension": storage.file_extension,
    "parse_location": storage.parse_location,
    "location": partial(storage.location, "image_uploads"),
    "location bucket": lambda text: storage.location(text, f"{NOBODY}/a.png"),
}
#: What takes nothing but what none of the texts is.
CLOSED = {"required_id", "as_flag", "as_number", "Links.known", "SetPrompts", "GalleryFilter.media_type",
          "GalleryFilter.limit", "chosen", "check_path", "location bucket"}  # fmt: skip


@pytest.mark.parametrize("name", PURE)
def test_what_looks_at_a_text_first_takes_or_refuses_every_one(name):
    taken = []
    for text in FIVE_HUNDRED:
        with suppress(ShotkitError):
            PURE[name](text)
            taken.append(text)
    assert not (name in CLOSED and [text for text in taken if NOBODY not in text.lower()])


def test_no_text_gets_through_a_parameter_of_python(world, unchanged, caplog):
    doors = list(handles())
    assert len(doors) * BY_HANDLE > len(FIVE_HUNDRED)
    found = [wrong(door, world, text) for door, text in by_turns(doors, BY_HANDLE)]
    assert not (told := "\n".join(filter(None, found))), told
    assert not [record for record in caplog.records if record.name == "psycopg"]


def test_no_text_gets_through_an_option_or_an_argument(world, unchanged, capfd):
    doors = list(commands())
    tried = by_turns(doors, BY_COMMAND)
    found = [wrong(door, world, text) for door, text in tried if _is_argument(text)]
    assert not (told := "\n".join(filter(None, found))), told
