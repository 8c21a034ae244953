"""The functions of the schema, each called by every caller with every mix of ids that are not his."""

import re
from itertools import product

import pytest

from tests.roles.scene import CALLERS, TRUSTED, Scene

FUNCTIONS = """
    select oid::regprocedure::text, coalesce(proargnames[1:pronargs], '{}'), prorettype = 'trigger'::regtype
    from pg_proc where pronamespace = 'public'::regnamespace order by 1
"""
#: What is given for a parameter of this name: ids of Ann's and of Ben's.
GIVEN = {
    "shot_id": ("%(shot)s", "%(own_shot)s"),
    "gen_id": ("%(generation)s", "%(own_generation)s"),
    "project_id": ("%(project)s", "%(own_project)s"),
    "name": ("'x'",),
    "with_position": ("true",),
    "settings": ("'{}'",),
    "aspect_ratio": ("null",),
}
HERS = re.compile(r"%\((?!own_)")
PURE = {"average_spacing", "is_video", "next_frame"}  # of what they are given alone


def calls(scene: Scene) -> dict[str, list[str]]:
    """Every function's calls that name something of Ann's; a parameter of a new name needs values above."""
    found = {}
    for signature, names, is_trigger in scene.connection.execute(FUNCTIONS).fetchall():
        name = signature.partition("(")[0]
        if is_trigger:
            found[name] = [f"select public.{name}()"]
        elif name not in PURE:
            mixes = [", ".join(values) for values in product(*(GIVEN[each] for each in names))]
            found[name] = [f"select public.{name}({mix})::text" for mix in mixes if HERS.search(mix)]
    return found


@pytest.mark.parametrize("caller", CALLERS)
def test_no_function_reaches_beyond_what_its_caller_may(scene: Scene, caller):
    for name, statements in calls(scene).items():
        found = [scene.attempt(caller, statement) for statement in statements]
        assert not any(outcome.escaped for outcome in found), name
        assert caller in TRUSTED or {outcome.verdict for outcome in found} <= {"refused", "broken"}, name


def test_the_functions_serve_whom_they_are_for(scene: Scene):
    callable_ = {name for name, (first, *_) in calls(scene).items() if "%" in first}
    assert len(callable_) >= 5
    for name in callable_:
        for caller in TRUSTED:
            assert scene.attempt(caller, calls(scene)[name][0]).verdict == "rows", (name, caller)
