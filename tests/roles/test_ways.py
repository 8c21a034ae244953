"""What shotkit itself shows and writes: load, change, undo, audit, repair, cache, snapshot, by any caller."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import psycopg
import pyarrow.parquet as pq
import pytest

from shotkit import audit, mutate
from shotkit.engine import Database
from shotkit.errors import NotFoundError, NotPermittedError, ShotkitError
from shotkit.generation import Generation
from shotkit.journal import Journal
from shotkit.kit import Kit
from shotkit.mutate import Change
from shotkit.shot import Shot
from shotkit.storage import Store
from tests.plugins.servers import create_database
from tests.roles.scene import CALLERS, TRUSTED, Scene, made

THROUGH_A_POOLER = True

ON_ONE_SERVER = "the policies are tried on every server, and the statements are by their own tests"

Ids = dict[str, str]
Kits = Callable[[str], Kit]
READS: dict[str, Callable[[Kit, Ids], Any]] = {
    "projects": lambda kit, _: kit.projects(),
    "shots": lambda kit, _: kit.shots(),
    "shots of hers": lambda kit, ids: kit.shots(ids["project"]),
    "a shot by name": lambda kit, _: kit.shot("ann@private dawn"),
    "images": lambda kit, ids: _shot(kit, ids).images(),
    "links": lambda kit, ids: _shot(kit, ids).links(),
    "generations of a shot": lambda kit, ids: _shot(kit, ids).generations(),
    "timeline": lambda kit, ids: _shot(kit, ids).timeline(),
    "drift": lambda kit, ids: _shot(kit, ids).generations().attrs["drift"],
    "prompts": lambda kit, ids: _shot(kit, ids).pair_prompts(),
    "gallery": lambda kit, _: kit.generations(with_prompts=True),
    "gallery of hers": lambda kit, ids: _shot(kit, ids).gallery(shot=ids["shot"]),
    "listing": lambda kit, _: kit.listing(limit=9).rows(),
    "details": lambda kit, ids: Generation(kit._session, ids["generation"]).details(),
    "lineage": lambda kit, ids: kit.generation(ids["generation"]).lineage(),
    "variants": lambda kit, ids: kit.variants(ids["generation"]),
    "tasks": lambda kit, _: kit.tasks(),
    "tasks of hers": lambda kit, ids: kit.tasks(ids["project"]),
    "ledger": lambda kit, _: kit.ledger(),
    "ledger of hers": lambda kit, ids: kit.ledger(ids["user"]),
    "history": lambda kit, _: kit.history(),
    "script": lambda kit, _: kit.script(),
}  # fmt: skip
WRITES: dict[str, Callable[[Database, Ids], Change]] = {
    name: (lambda database, ids, make=make: mutate.apply(database, ids["shot"], make(ids)))
    for name, make in {
        "move": lambda ids: mutate.Move(ids["link"], 7),
        "exchange": lambda ids: mutate.Exchange(((ids["link"], ids["second"]),)),
        "reorder": lambda ids: mutate.Reorder((ids["second"], ids["link"])),
        "move_to": lambda ids: mutate.MoveTo((ids["second"],), 0),
        "shift": lambda ids: mutate.Shift((ids["link"],), 3),
        "unplace": lambda ids: mutate.Unplace(ids["link"]),
        "remove": lambda ids: mutate.Remove(ids["link"]),
        "prompts": lambda ids: mutate.SetPrompts(ids["link"], "fog"),
        "add": lambda ids: mutate.Add(ids["generation"]),
    }.items()
} | {
    name: (lambda database, ids, make=make: mutate.apply_to_variants(database, ids["generation"], make(ids)))
    for name, make in {
        "make_primary": lambda ids: mutate.MakePrimary(ids["variant"]),
        "add_variant": lambda _: mutate.AddVariant("/x.png"),
        "delete_variant": lambda ids: mutate.DeleteVariant(ids["variant"]),
        "star": lambda ids: mutate.StarVariant(ids["variant"]),
        "viewed": lambda ids: mutate.ViewVariant(ids["variant"]),
    }.items()
} | {
    "duplicate": lambda database, ids: mutate.duplicate_shot(database, ids["shot"]),
    "create_shot": lambda database, ids: mutate.create_shot(database, ids["project"], "x"),
    "create_shot with": lambda database, ids: mutate.create_shot(
        database, ids["project"], "x", ids["generation"]
    ),
}  # fmt: skip
#: Between what is Ben's and what is Ann's.
ACROSS: dict[str, Callable[[Database, Ids], Change]] = {
    "her generation into his shot": lambda database, ids: mutate.apply(
        database, ids["own_shot"], mutate.Add(ids["generation"])
    ),
    "his generation into her shot": lambda database, ids: mutate.apply(
        database, ids["shot"], mutate.Add(ids["own_generation"])
    ),
    "her link in his shot": lambda database, ids: mutate.apply(
        database, ids["own_shot"], mutate.Move(ids["link"], 7)
    ),
    "her variant in his generation": lambda database, ids: mutate.apply_to_variants(
        database, ids["own_generation"], mutate.MakePrimary(ids["variant"])
    ),
    "a shot of his with her generation": lambda database, ids: mutate.create_shot(
        database, ids["own_project"], "x", ids["generation"]
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def scene(server, template: str) -> Iterator[Scene]:
    with psycopg.connect(
        create_database(server, f"ways_{template}_scratch", template), autocommit=True
    ) as connection:
        with connection.transaction():
            scene = made(connection)
        yield scene


@pytest.fixture
def kits(scene: Scene, server, tmp_path: Path) -> Iterator[Kits]:
    """Opens a kit for a caller, all with one journal: what is noted there is told apart by whom it is."""
    opened = []

    def open_kit(caller: str) -> Kit:
        role, who = CALLERS[caller]
        user = scene.ids["user" if who == "ann" else "own_user"] if who else None
        database = Database(server.conninfo(scene.connection.info.dbname), user_id=user, role=role)
        opened.append(Kit(database, Store(tmp_path), Journal(tmp_path / "journal.sqlite")))
        return opened[-1]

    yield open_kit
    for kit in opened:
        kit.close()


@pytest.mark.parametrize("caller", CALLERS)
def test_what_is_loaded_shows_nobody_elses_rows(scene: Scene, kits: Kits, caller):
    kits("owner").shot(scene.ids["shot"]).move(scene.ids["link"], 0)  # there is a history, and a cache
    kit = kits(caller)
    shown = {way: _attempted(lambda read=read: read(kit, scene.ids)) for way, read in READS.items()}
    if caller in TRUSTED:
        silent = {way for way, text in shown.items() if not scene.shows(text)}
        assert silent <= {"drift", "prompts", "history", "script"}
    else:
        assert [way for way, text in shown.items() if scene.shows(_unnamed(text, scene.ids))] == []


@pytest.mark.parametrize("caller", CALLERS)
def test_no_change_reaches_beyond_what_is_the_callers(scene: Scene, kits: Kits, caller):
    database, before = kits(caller).database, scene.beside(caller)
    for way, write in (WRITES | (ACROSS if caller == "another user" else {})).items():
        if caller in TRUSTED:
            change = write(database, scene.ids)
            assert change.xid is not None, way
            assert scene.beside(caller) != before, way
            if change.undo:
                mutate.take_back(database, change.undo, change.op_id)
        else:
            with pytest.raises(ShotkitError):
                write(database, scene.ids)
        assert caller in TRUSTED or scene.beside(caller) == before, way


@pytest.mark.parametrize("caller", [caller for caller in CALLERS if caller not in TRUSTED])
def test_nobody_takes_back_what_another_has_changed(scene: Scene, kits: Kits, caller):
    owner, kit = kits("owner"), kits(caller)
    change = owner.shot(scene.ids["shot"]).move(scene.ids["link"], 11)
    before = scene.beside(caller)
    for way in (
        lambda: kit.undo(change.op_id),
        kit.undo,
        lambda: mutate.take_back(kit.database, change.undo, change.op_id),
    ):
        with pytest.raises(ShotkitError):
            way()
        assert scene.beside(caller) == before
    owner.undo()


@pytest.mark.parametrize("caller", CALLERS)
def test_audits_repairs_and_their_undo_stay_within_what_is_the_callers(scene, kits, caller, tmp_path):
    scene.connection.execute("update generations set shot_data = '{}' where id = %(generation)s", scene.ids)
    service, kit, before = kits("service"), kits(caller), scene.beside(caller)
    report = service.audit("0001")
    assert len(report.findings) == 1
    found = _attempted(lambda: kit.audit().to_json())
    assert scene.shows(found) == (caller in TRUSTED)
    if caller != "service":  # not even the owner, who may not write shot_data
        with pytest.raises(NotPermittedError):
            audit.apply(kit.database, report)
        _attempted(lambda: kit.repair("0001", apply=True))
        assert scene.beside(caller) == before
    undo_file = tmp_path / "undo.jsonl"
    assert len(audit.apply(service.database, report, undo_file).changes) == 1
    repaired = scene.beside(caller)
    if caller != "service":
        _attempted(lambda: kit.repair_undo(undo_file))
        assert scene.beside(caller) == repaired


@pytest.mark.parametrize("caller", CALLERS)
def test_a_snapshot_holds_what_its_taker_may_see(scene: Scene, kits: Kits, caller, tmp_path):
    folder = tmp_path / "taken"
    told = _attempted(lambda: kits(caller).snapshot(folder))
    held = [pq.read_table(file).to_pandas().to_csv() for file in folder.rglob("*.parquet")]
    raw = [file.read_bytes().decode("latin-1") for file in folder.rglob("*") if file.is_file()]
    assert any(map(scene.shows, held)) == (caller in TRUSTED)
    assert caller in TRUSTED or not any(map(scene.shows, [told, *raw]))


def test_a_kit_keeps_nothing_of_what_another_identity_has_read(scene: Scene, kits: Kits):
    owner, other = kits("owner"), kits("another user")
    assert len(_shot(owner, scene.ids).generations()) == 2
    shot = _shot(other, scene.ids)
    for read in (shot.images, shot.links, shot.generations):
        with pytest.raises(NotFoundError, match="none that this user may see"):
            read()
    assert len(_shot(owner, scene.ids).generations()) == 2


def _shot(kit: Kit, ids: Ids) -> Shot:
    """A handle that nobody was asked for."""
    return Shot(kit._session, ids["shot"], "?", ids["project"])


def _attempted(way: Callable[[], Any]) -> str:
    """What a way shows, or the error it ends in, which must be one of shotkit's."""
    try:
        return _text(way())
    except ShotkitError as error:
        return f"{error} {error.__cause__} {error.__context__}"


def _text(shown: Any) -> str:
    return shown.to_csv() if isinstance(shown, pd.DataFrame) else f"{shown!s} {shown!r}"


def _unnamed(text: str, ids: Ids) -> str:
    """A text without the ids that the caller had to name."""
    for name in ("shot", "project", "generation", "user"):
        text = text.replace(ids[name], "")
    return text.replace("ann@private dawn", "")
