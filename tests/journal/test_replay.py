"""A script repeats what was noted, and nothing that was noted can become code."""

import ast
from uuid import uuid4

import pytest

from shotkit.errors import ConfigurationError
from shotkit.journal import script
from tests.journal.conftest import SHOT, Change

LINK = str(uuid4())


def test_the_script_repeats_what_was_stored_in_order(journal, done):
    new = done(f"shot.add({LINK!r})")
    done(f"shot.move({new!r}, 30)")
    done(f"shot.exchange({LINK!r}, {new!r})\nshot.exchange({new!r}, {LINK!r})")
    done("shot.normalize()", Change(undo=None, xid=None))
    shot = done("shot.duplicate()", kind="new shot")
    last = done("shot.initialize(spacing=9)", shot_id=shot)
    undo = done(f"kit.undo({last!r})", shot_id=shot, undoes=last)
    text = script(journal.entries())
    lines = [line for line in text.splitlines() if line.startswith(("shot", "made[", "raise"))]
    assert lines == [
        f"shot = kit.shot({SHOT!r})",
        f"made[{new!r}] = shot.add({LINK!r}).op_id",
        f"made[{journal.entries()[1].op_id!r}] = shot.move(made[{new!r}], 30).op_id",
        f"shot.exchange({LINK!r}, made[{new!r}])",
        f"made[{journal.entries()[2].op_id!r}] = shot.exchange(made[{new!r}], {LINK!r}).op_id",
        f"made[{shot!r}] = shot.duplicate().op_id",
        f"shot = kit.shot(made[{shot!r}])",
        f"made[{last!r}] = shot.initialize(spacing=9).op_id",
        f"made[{undo!r}] = kit.undo(made[{last!r}]).op_id",
    ]
    assert "kit = shotkit.connect(sys.argv[1] if len(sys.argv) > 1 else None)" in text
    assert text == script(journal.entries())
    compile(text, "script", "exec")


def test_variants_are_changed_through_their_generation(journal, done):
    op_id = done("gen.star('v', starred=False)", kind="variants", generation_id="g", shot_id=None)
    assert script(journal.entries()).endswith(
        f"gen = kit.generation('g')\nmade[{op_id!r}] = gen.star('v', starred=False).op_id\n"
    )


@pytest.mark.parametrize(
    ("identity", "acting"), [(SHOT, f"user_id='{SHOT}'"), ("service_role", "role='service_role'")]
)
def test_the_script_acts_as_who_made_the_changes(journal, done, identity, acting):
    done(identity=identity)
    assert f"else None, {acting})" in script(journal.entries())


def test_changes_of_several_users_are_no_script(journal, done):
    done()
    done(identity="someone")
    with pytest.raises(ConfigurationError, match="of several databases or users"):
        script(journal.entries())


def test_no_changes_are_a_script_that_changes_nothing():
    compile(script([]), "script", "exec")


def test_texts_from_users_stay_literals(journal, done):
    text = "'''\"\"\"\n\\'); import os; os.system('true') #\u2028"
    done(f"shot.set_prompts({LINK!r}, prompt={text!r})", place=text, label=text)
    [call] = [
        node
        for node in ast.walk(ast.parse(script(journal.entries())))
        if isinstance(node, ast.keyword) and node.arg == "prompt"
    ]
    assert ast.literal_eval(call.value) == text


@pytest.mark.parametrize(
    "code",
    [
        "import os",
        "os.system('true')",
        "shot.move(open('/etc/passwd'), 3)",
        "shot.move('x', frame=__import__('os'))",
        "shot.client.clear()",
        "shot.move(*'ab')",
        "shot.move(**{})",
        "shot.move('x')('y')",
        "x = shot.move('x', 3)",
        "shot.move('x', 3",
        "",
    ],
)
def test_code_that_shotkit_does_not_write_is_refused(journal, done, code):
    done(code)
    with pytest.raises(ConfigurationError, match="is none that shotkit writes"):
        script(journal.entries())


def test_a_change_whose_address_was_not_kept_stops_the_script_there(journal, done):
    done(
        "gen.add_variant('https://store.test/a.png?token=x')",
        kind="variants",
        generation_id="g",
        shot_id=None,
    )
    text = script(journal.entries())
    assert 'raise SystemExit("This change held an address whose query string was not kept' in text
    assert "token" not in text
