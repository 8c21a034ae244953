"""The undo file puts back exactly what stood there, where that has not changed since."""

import json
import stat

import psycopg
import pytest

from shotkit.audit import REPAIRABLE, apply, run, undo
from shotkit.audit.repair import mend
from shotkit.errors import ConfigurationError, ReadOnlyError, ShotkitError, WriteNotStoredError
from tests.audit.conftest import LINKS, drift
from tests.audit.studio import Studio
from tests.audit.world import G, S, right_documents

CHANGED, GONE = "it was changed since the repair", "it is gone"


@pytest.fixture
def drifted(world):
    return drift(world)


@pytest.fixture
def file(tmp_path):
    return tmp_path / "undo.jsonl"


def texts(world) -> dict[str, str | None]:
    return dict(world.connection.execute("select id::text, shot_data::text from generations").fetchall())


WRONG = [None, "{}", "null", "[1]", "7", '"x"', f'{{"{S[0]}": [1e2, 50.0], "x?": {{"y": "é\\n\\u2028"}}}}']


@pytest.mark.parametrize("wrong", WRONG)
def test_what_stood_there_is_put_back_to_the_letter(drifted, db, file, wrong):
    drifted.store(G[0], wrong)
    before = texts(drifted)
    repaired = apply(db, run(db, "0001"), file)
    assert texts(drifted)[G[0]] != before[G[0]]
    undone = undo(db, file)
    assert texts(drifted) == before
    assert len(undone.changes) == len(repaired.changes)
    assert undone.refused.empty
    assert repr(undone.certificate).startswith("<Certificate: 3 rows written, batches: 1;")


def test_a_second_undo_changes_nothing(drifted, db, file):
    apply(db, run(db, "0001"), file)
    undo(db, file)
    before = drifted.hashes()
    again = undo(db, file)
    assert again.changes.empty
    assert again.refused.empty
    assert drifted.hashes() == before


def test_what_changed_since_or_is_gone_is_refused_and_the_others_are_put_back(drifted, db, file):
    before = texts(drifted)
    apply(db, run(db, "0001"), file)
    drifted.store(G[0], json.dumps({S[0]: [3]}))
    drifted.connection.execute("delete from generations where id = %s", [G[1]])
    undone = undo(db, file)
    assert list(undone.changes["id"]) == [G[2]]
    refused = dict(undone.refused[["generation_id", "reason"]].itertuples(index=False))
    assert refused == {G[0]: CHANGED, G[1]: GONE}
    assert texts(drifted)[G[2]] == before[G[2]]
    assert drifted.stored(G[0]) == {S[0]: [3]}


def test_a_file_that_is_there_is_never_overwritten_and_nothing_is_repaired(drifted, db, file):
    file.write_text("mine")
    before = drifted.hashes()
    with pytest.raises(ConfigurationError, match="is not overwritten"):
        apply(db, run(db, "0001"), file)
    assert file.read_text() == "mine"
    assert drifted.hashes() == before


def test_a_folder_that_is_not_there_is_refused_before_anything_is_written(drifted, db, tmp_path):
    before = drifted.hashes()
    with pytest.raises(ConfigurationError, match="No such file"):
        apply(db, run(db, "0001"), tmp_path / "none" / "undo")
    assert drifted.hashes() == before


def test_only_its_owner_may_read_it(drifted, db, file):
    apply(db, run(db, "0001"), file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_without_anything_to_repair_none_is_left(world, db, file):
    world.build(right_documents(G, LINKS), LINKS)
    apply(db, run(db, "0001"), file)
    assert not file.exists()


def test_a_batch_that_was_rolled_back_is_not_in_it(drifted, db, file, monkeypatch):
    monkeypatch.setattr(mend, "BATCH", 2)
    drifted.connection.execute(f"""
        create function public.late() returns trigger language plpgsql as $$ begin
            if new.id = '{G[2]}' then raise 'not at the commit'; end if; return null;
        end $$;
        create constraint trigger late after update on generations deferrable initially deferred
        for each row execute function public.late()
    """)
    with pytest.raises(ShotkitError, match="2 generations were written and stay so"):
        apply(db, run(db, "0001"), file)
    assert [len(json.loads(line).get("batch", [])) for line in file.read_text().splitlines()] == [0, 2]
    drifted.connection.execute("drop trigger late on generations")
    assert list(undo(db, file).changes["id"]) == G[:2]


def test_several_batches_are_put_back_the_last_first(drifted, db, file, monkeypatch):
    monkeypatch.setattr(mend, "BATCH", 2)
    before = texts(drifted)
    apply(db, run(db, "0001"), file)
    assert list(undo(db, file).changes["id"]) == [G[2], *G[:2]]
    assert texts(drifted) == before


DAMAGES = {
    "an edited value": lambda text: text.replace('"stored": "{}"', '"stored": "[]"'),
    "a line that is no JSON": lambda text: text + "x\n",
    "a line of another kind": lambda text: text + "[]\n",
    "half a line in the middle": lambda text: text.replace('"batch"', '\n"batch"'),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_file_is_refused_and_nothing_is_put_back(drifted, db, file, damage):
    apply(db, run(db, "0001"), file)
    before = drifted.hashes()
    whole = file.read_text()
    assert damage(whole) != whole
    file.write_text(damage(whole))
    with pytest.raises(ConfigurationError, match=r"Line \d of .* was changed or damaged"):
        undo(db, file)
    assert drifted.hashes() == before


def test_a_last_line_without_its_end_was_never_committed_and_does_not_count(drifted, db, file):
    apply(db, run(db, "0001"), file)
    whole = file.read_text()
    file.write_text(whole + whole.splitlines()[1][:50])
    assert len(undo(db, file).changes) == 3


@pytest.mark.parametrize("text", ["", "{}\n", "mine\n", '{"format": "shotkit undo 2"}\n'])
def test_another_file_is_refused(drifted, db, file, text):
    file.write_text(text)
    with pytest.raises(ConfigurationError):
        undo(db, file)


def test_a_file_that_is_not_there_is_refused(db, file):
    with pytest.raises(ConfigurationError, match=r"Cannot read [^\[]+: No such file or directory; name"):
        undo(db, file)


def test_a_read_only_connection_puts_nothing_back(drifted, db, file, opened):
    apply(db, run(db, "0001"), file)
    with pytest.raises(ReadOnlyError):
        undo(opened(read_only=True), file)


@pytest.mark.only_on("own", "j", "a", because="S has fewer guards")
def test_what_the_schemas_guards_forbid_is_not_put_back(database, db, file):
    with psycopg.connect(database, autocommit=True) as connection:
        studio = Studio(connection)
        studio.do("update generations set name = 'Wrong' where id = '{image}'", past=True)
        apply(db, run(db, REPAIRABLE), file)
        with pytest.raises(WriteNotStoredError, match="more of them changed"):
            undo(db, file)
        assert run(db).ok
