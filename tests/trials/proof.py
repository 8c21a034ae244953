"""Holds what is stored against what the writers were told."""

from collections import Counter
from collections.abc import Iterable

from shotkit.mutate import Initialize, Links, SetPrompts
from tests.mutate.test_at_once import serial
from tests.trials.ground import Frames, Ground
from tests.trials.writers import Acknowledged


class DisprovedError(AssertionError):
    """What is stored is not what was told."""


def prove(ground: Ground, begun: Frames, acknowledged: Iterable[Acknowledged]) -> None:
    """Raise DisprovedError unless the acknowledged edits, each once, in some order, lead to what is stored.

    Each must begin where another ended, and do on those links what its intent says; nobody else may have
    written; the last prompt acknowledged must stand; the audits must be clean.
    """
    done = list(acknowledged)
    ended = ground.frames()
    steps = [(state(each.before), state(each.after)) for each in done]
    if not serial(state(begun), state(ended), steps):
        raise DisprovedError("No order of the acknowledged edits leads to what is stored.")
    for each in done:
        if each.seen is not None and each.seen != each.before:
            raise DisprovedError(f"{each.intent} was meant for {each.seen} and done on {each.before}.")
        if not isinstance(each.intent, Initialize) and planned(each) != each.after:
            raise DisprovedError(f"{each.intent} on {each.before} became {each.after}.")
    _prove_metadata(ground, done)
    if findings := ground.findings():
        raise DisprovedError(f"The audits report {findings} findings.")


def state(frames: Frames) -> frozenset[tuple[str, int | None]]:
    return frozenset(frames.items())


def planned(each: Acknowledged) -> Frames:
    plan = each.intent.plan(Links.of(each.before))
    after = each.before | plan.frames
    after.pop(plan.removed, None)
    return after | ({each.op_id: plan.added.frame} if plan.added else {})


def _prove_metadata(ground: Ground, done: list[Acknowledged]) -> None:
    metadata = ground.metadata()
    told = {each.op_id for each in done}
    stored = {found["drag_session_id"] for found in metadata.values() if "drag_session_id" in found}
    if strange := stored - told:
        raise DisprovedError(f"Links were written by operations that nobody was told of: {strange}.")
    prompts = sorted(
        (each for each in done if isinstance(each.intent, SetPrompts) and each.at), key=lambda each: each.at
    )
    last = {each.intent.id: each.intent.prompt for each in prompts}
    found = {id_: metadata[id_].get("pair_prompt") for id_ in last if id_ in metadata}
    if wrong := {id_: text for id_, text in found.items() if text != last[id_]}:
        raise DisprovedError(f"The last prompts are not what is stored: {wrong}.")
    if doubled := [id_ for id_, times in Counter(each.op_id for each in done).items() if times > 1]:
        raise DisprovedError(f"Acknowledged more than once: {doubled}.")
