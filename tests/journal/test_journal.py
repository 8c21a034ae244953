"""The journal tells what was sent, what became of it, and what is undone, redone, or cannot be."""

import random
import re
import stat

import pytest

from shotkit.errors import ConnectionLostError, InvalidChangeError, NotFoundError, StaleShotError
from shotkit.journal import HISTORY, Journal, history
from tests.journal.conftest import DATABASE, SHOT, Change, entry

SCOPE = {"database": DATABASE, "identity": ""}
SIGNED = "https://store.test/film/a.png?token=eyJhbGciOi"


def test_a_change_is_unknown_until_it_is_settled(journal):
    one = entry("shot.move('x', 3)", label="move", place="Dawn", project_id="p")
    journal.begin(one)
    assert journal.entries() == [one]
    assert journal.find(one.op_id).status == "unknown"
    journal.settle(one.op_id, Change('{"of": "shot", "x": 1}'))
    found = journal.find(one.op_id)
    assert (found.status, found.wrote, found.at) == ("stored", True, one.at)
    assert journal.undo(one.op_id) == '{"of": "shot", "x": 1}'


def test_what_was_noted_is_there_in_the_next_process(journal, path, done):
    op_id = done(change=Change('{"a": 1}'))
    journal.close()
    again = Journal(path)
    assert again.find(op_id) == journal.find(op_id)
    assert again.undo(op_id) == '{"a": 1}'
    again.close()


def test_the_file_is_for_its_owner_alone(journal, path, done):
    done()
    modes = {stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    assert modes == {0o600}
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    journal.close()
    path.chmod(0o644)
    journal.entries()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_it_stands_in_shotkits_own_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("SHOTKIT_HOME", str(tmp_path))
    journal = Journal()
    journal.begin(entry())
    journal.close()
    assert (tmp_path / "journal.sqlite").exists()
    assert repr(journal) == f"<Journal {tmp_path}/journal.sqlite>"


def test_a_refused_change_tells_why_and_cannot_be_undone(journal):
    one = entry(label="move")
    journal.begin(one)
    journal.refuse(one.op_id, StaleShotError("The shot changed."))
    assert (journal.find(one.op_id).status, journal.find(one.op_id).reason) == (
        "refused",
        "The shot changed.",
    )
    with pytest.raises(InvalidChangeError, match="move cannot be undone: it was refused"):
        journal.undo(one.op_id)
    assert journal.last_undoable(**SCOPE) is None


@pytest.mark.parametrize("error", [ConnectionLostError(), KeyboardInterrupt(), ValueError("x")])
def test_after_a_lost_connection_or_an_interrupt_the_outcome_stays_unknown(journal, error):
    one = entry()
    journal.begin(one)
    journal.refuse(one.op_id, error)
    assert journal.unsettled() == [journal.find(one.op_id)]
    with pytest.raises(InvalidChangeError, match="what became of it was never heard"):
        journal.undo(one.op_id)


def test_a_change_that_wrote_nothing_is_nothing_to_undo(journal, done):
    moved = done()
    nothing = done(change=Change(undo=None, xid=None))
    assert journal.last_undoable(**SCOPE).op_id == moved
    assert [one.op_id for one in journal.entries()] == [moved]
    with pytest.raises(NotFoundError, match="What wrote nothing is not noted"):
        journal.undo(nothing)


def test_what_was_found_stored_later_is_passed_over_and_its_refusal_names_the_next(journal, done):
    moved = done(label="move")
    added = entry(label="add")
    journal.begin(added)
    journal.found(added.op_id)
    assert journal.last_standing(**SCOPE).op_id == added.op_id
    assert journal.last_undoable(**SCOPE).op_id == moved
    with pytest.raises(InvalidChangeError, match=rf"found stored later.*kit\.undo\('{moved}'\).*: move"):
        journal.undo(added.op_id)


def test_an_unknown_op_id_is_told(journal):
    with pytest.raises(NotFoundError, match="has no change 'nothing'"):
        journal.find("nothing")


def test_undo_goes_back_one_by_one_and_redo_forward_again(journal, done):
    first, second = done(), done()
    assert journal.last_undoable(**SCOPE).op_id == second
    assert journal.last_undone(**SCOPE) is None
    undo_second = done(undoes=second)
    undo_first = done(undoes=first)
    assert journal.last_undoable(**SCOPE) is None
    assert [journal.find(op_id).undone_by for op_id in (first, second)] == [undo_first, undo_second]
    with pytest.raises(InvalidChangeError, match=f"undone already, by {undo_second}"):
        journal.undo(second)
    assert journal.last_undone(**SCOPE).op_id == undo_first
    done(undoes=undo_first)
    assert journal.last_undoable(**SCOPE).op_id == first
    assert journal.last_undone(**SCOPE).op_id == undo_second
    done(undoes=undo_second)
    assert journal.last_undoable(**SCOPE).op_id == second
    assert journal.last_undone(**SCOPE) is None


def test_a_new_change_ends_what_could_be_redone(journal, done):
    done(undoes=done())
    assert journal.last_undone(**SCOPE)
    done()
    assert journal.last_undone(**SCOPE) is None


def test_a_refused_undo_leaves_the_change_standing(journal, done):
    first = done()
    undo = entry(undoes=first)
    journal.begin(undo)
    assert journal.last_undoable(**SCOPE).op_id == first
    journal.refuse(undo.op_id, StaleShotError())
    assert journal.last_undoable(**SCOPE).op_id == first


def test_undo_and_redo_agree_with_two_stacks(journal, done):
    rng = random.Random(7)
    undoable, redoable, state, states = [], [], 0, {}
    for turn in range(150):
        step = rng.choice(["change", "undo", "undo", "redo"])
        if step == "change":
            op_id = done()
            undoable.append((op_id, state))
            states[op_id] = state = turn + 1
            redoable.clear()
        elif step == "undo" and undoable:
            op_id, before = undoable.pop()
            assert journal.last_undoable(**SCOPE).op_id == op_id
            redoable.append((done(undoes=op_id), op_id, before))
            state = before
        elif step == "redo" and redoable:
            undo, op_id, before = redoable.pop()
            assert journal.last_undone(**SCOPE).op_id == undo
            done(undoes=undo)
            undoable.append((op_id, before))
            state = states[op_id]
        assert (journal.last_undoable(**SCOPE) is None) == (not undoable)
        assert (journal.last_undone(**SCOPE) is None) == (not redoable)


def test_one_shots_undo_is_of_its_own_links_alone(journal, done):
    moved = done()
    done(kind="new shot", shot_id=SHOT)
    done(kind="variants", shot_id=None, generation_id="g")
    done(shot_id="other")
    assert journal.last_undoable(shot_id=SHOT, **SCOPE).op_id == moved
    assert len(journal.entries(shot_id=SHOT)) == 2
    assert journal.last_undone(shot_id=SHOT, **SCOPE) is None


def test_other_databases_and_other_users_have_changes_of_their_own(journal, done):
    mine = done()
    done(database="elsewhere")
    theirs = done(identity="someone")
    assert journal.last_undoable(**SCOPE).op_id == mine
    assert journal.last_undoable(database=DATABASE, identity="someone").op_id == theirs
    assert [one.op_id for one in journal.entries(**SCOPE)] == [mine]
    assert [one.op_id for one in journal.entries(database=DATABASE)] == [mine, theirs]


def test_only_the_newest_changes_stay(path, tmp_path):
    journal = Journal(path, keep=3)
    ids = []
    for _ in range(5):
        ids.append(entry().op_id)
        journal.begin(entry(op_id=ids[-1]))
    assert [one.op_id for one in journal.entries()] == ids[2:]
    journal.close()


def test_what_takes_changes_back_is_kept_within_a_budget(path):
    journal = Journal(path, budget=5_000)
    noise = random.Random(1)
    ids = [f"00000000-0000-4000-8000-{number:08}0000" for number in range(10)]
    for op_id in ids:
        journal.begin(entry(op_id=op_id))
        journal.settle(op_id, Change('{"a": "' + "".join(noise.choices("0123456789abcdef", k=2_000)) + '"}'))
    assert journal.undo(ids[-1])
    with pytest.raises(InvalidChangeError, match="too old"):
        journal.undo(ids[0])
    assert len(journal.entries()) == 10
    journal.close()


def content(path) -> bytes:
    return b"".join(file.read_bytes() for file in sorted(path.parent.iterdir()))


def test_query_strings_and_passwords_never_reach_the_file(journal, path):
    code = f"gen.add_variant({SIGNED!r}, name='//u:hunter2@h http://u:hunter2@h/x /a/b.png?sig=eyJhbGciOi')"
    one = entry(code, label=f"add {SIGNED}", place=SIGNED)
    journal.begin(one)
    journal.refuse(one.op_id, StaleShotError(f"not {SIGNED}"))
    found = journal.find(one.op_id)
    assert "https://store.test/film/a.png?…" in found.code
    assert not found.is_complete
    assert b"eyJhbGciOi" not in content(path)
    assert b"http://u:hunter2" not in content(path)
    assert compile(found.code, "code", "eval")


@pytest.mark.parametrize(
    "secret", [f'"{SIGNED}"', '"/film/a.png?token=x"', '"pg://u:p@h"', '{"openai_api_key": "sk-1"}']
)
def test_what_would_bring_back_a_secret_is_undone_in_this_process_only(journal, path, done, secret):
    undo = f'{{"row": {secret}}}'
    op_id = done(change=Change(undo))
    assert journal.undo(op_id) == undo
    journal.close()
    later = Journal(path)
    with pytest.raises(InvalidChangeError, match="holds a signed address or a secret"):
        later.undo(op_id)
    later.close()


@pytest.mark.parametrize(
    "text",
    ["what now? yes=no", "a/b, ok?", "https://store.test/a.png", "/storage/v1/object/a.png", "16:9 // x"],
)
def test_texts_without_a_query_string_stay_as_they_are(journal, done, text):
    op_id = done(f"shot.set_prompts('x', prompt={text!r})", Change(f'{{"prompt": "{text}"}}'))
    assert journal.find(op_id).is_complete
    assert journal.undo(op_id) == f'{{"prompt": "{text}"}}'


def test_megabytes_without_a_space_are_looked_through_in_time(done):
    done(change=Change('{"image": "' + "aB3/+-." * 300_000 + '"}'))


def test_history_is_a_table_of_stable_types(journal, done):
    assert history([]).schema == HISTORY
    first = done("shot.move('x', 3)", label="move", place="Dawn")
    undo = done(f"kit.undo({first!r})", label="undo move", place="Dawn", undoes=first)
    table = history(journal.entries())
    assert table.schema == HISTORY
    rows = table.drop_columns("at").to_pylist()
    assert rows == [
        {
            "op_id": first,
            "what": "move",
            "where": "Dawn",
            "code": "shot.move('x', 3)",
            "status": "stored",
            "undone_by": undo,
        },
        {
            "op_id": undo,
            "what": "undo move",
            "where": "Dawn",
            "code": f"kit.undo({first!r})",
            "status": "stored",
            "undone_by": None,
        },
    ]
    assert re.match(r"20\d\d-", str(table["at"][0]))
