"""The changes of a kit are noted: history, a script that repeats them, what nobody heard of."""

import uuid

import numpy as np
import pytest

from shotkit import InvalidChangeError, StaleShotError
from shotkit.journal import HISTORY


def test_history_has_every_change_newest_first(stage, kit, shot):
    a, b = stage.links(0, 40)
    shot.move(a, 20)
    shot.exchange(a, b)
    [generation] = set(shot.timeline()["generation_id"][:1])
    kit.generation(generation).add_variant("/b.png")
    shot.duplicate()
    kit.create_shot("Film", "Dusk")
    shot.move(a, 7, dry_run=True)
    told = kit.history()
    assert list(told.columns) == HISTORY.names
    assert told["what"].to_list() == ["create_shot", "duplicate", "add_variant", "exchange", "move"]
    assert told["status"].to_list() == ["stored"] * 5
    assert told["where"].to_list()[-1] == "Dawn"
    assert told["code"].to_list()[-1] == f"shot.move('{a}', 20)"


def test_a_refused_change_is_noted_with_its_refusal(stage, shot, kit):
    a, _ = stage.links(0, 40)
    shot.timeline()
    stage.connection.execute("update public.shot_generations set timeline_frame = 7 where id = %s", [a])
    with pytest.raises(StaleShotError):
        shot.move(a, 20)
    assert kit.history()["status"].to_list() == ["refused"]


def test_a_change_whose_process_never_heard_the_answer_is_looked_for(stage, shot, kit, monkeypatch):
    a, _ = stage.links(0, 40)
    monkeypatch.setattr(kit._session.journal, "settle", lambda *_: None)
    shot.move(a, 20)
    monkeypatch.undo()
    assert kit._session.journal.unsettled()[0].status == "unknown"
    assert kit.history()["status"].to_list() == ["stored"]


def test_what_cannot_be_noted_is_not_sent(stage, shot, tmp_path):
    a, _ = stage.links(0, 40)
    (tmp_path / "journal.sqlite").mkdir()
    stored = stage.stored()
    with pytest.raises(Exception, match="Nothing was sent to the database"):
        shot.move(a, 20)
    assert stage.stored() == stored
    assert shot.timeline()["timeline_frame"].to_list() == [0, 40]


def test_another_users_changes_are_not_in_the_history(stage, kit, kits, shot):
    a, _ = stage.links(0, 40)
    shot.move(a, 20)
    assert len(kits(user_id=stage.user).history()) == 0


def test_the_script_repeats_the_changes(stage, kit, shot, kits):
    a, b = stage.links(0, 40)
    shot.move(a, 20)
    shot.exchange(a, b)
    after = stage.frames()
    stage.connection.execute(
        "update public.shot_generations set timeline_frame = case id when %s then 0 else 40 end", [a]
    )
    script = kit.script().replace("shotkit.connect(sys.argv[1] if len(sys.argv) > 1 else None)", "kit")
    exec(script, {"kit": kits(), "__name__": "script"})  # noqa: S102  it is what is promised
    assert stage.frames() == after


def test_the_code_of_a_change_is_plain_whatever_its_arguments_were(stage, kit, shot):
    a, b = stage.links(0, 40)
    shot.move(uuid.UUID(a), np.int64(20))
    shot.move_to(np.array([b]), np.int64(0))
    compile(kit.script(), "script", "exec")
    assert kit.history()["code"].to_list()[-1] == f"shot.move('{a}', 20)"


def test_the_repr_of_a_change_shows_no_token(stage, kit):
    change = kit.generation(stage.generation()).add_variant("https://u:PW@h/x.png?token=SECRET")
    assert "SECRET" not in repr(change) + change.code
    assert "PW" not in repr(change) + change.code


@pytest.mark.parametrize(
    "given",
    [
        {"location": "https://u:PW@h/x.png"},
        {"location": "https://h/x.png?token=SECRET"},
        {"location": "/x.png", "thumbnail_url": "/storage/y.png?token=SECRET"},
        {"location": "/x.png", "params": {"image": "https://h/z.png?token=SECRET", "seed": 7}},
    ],
    ids=repr,
)
def test_a_line_that_lost_a_token_is_refused_when_it_is_run(stage, kit, given):
    gen = kit.generation(stage.generation())
    code = gen.add_variant(**given).code
    stored = stage.stored()
    with pytest.raises(InvalidChangeError, match=r"was cut off .* give the whole address"):
        exec(code, {"gen": gen}, {})  # noqa: S102  it is what somebody would do
    assert stage.stored() == stored
    assert "raise SystemExit" in kit.script()


def test_an_ellipsis_of_a_text_is_no_cut(stage, kit):
    [link] = stage.links(0)
    shot = kit.shot(stage.shot_id)
    assert "And then?…" in shot.set_prompts(link, "And then?… a valley…").code
    kit.generation(stage.generation()).add_variant("/x.png", params={"prompt": "and/or then… why?…"})
