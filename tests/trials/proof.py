"""Holds what is stored against what the writers were told, edit by edit in the order of the commits."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import permutations
from typing import Protocol, TypeVar

import psycopg

from shotkit.errors import InvalidChangeError
from shotkit.mutate import Initialize, Link, Links, Plan, SetPrompts
from tests.trials.ground import Frames, Ground
from tests.trials.writers import Acknowledged, Unknown

Metadata = dict[str, dict[str, object]]


class DisprovedError(AssertionError):
    """What is stored is not what was told."""


class Step(Protocol):
    xid: str | None  # None where nothing had to be written


_Step = TypeVar("_Step", bound=Step)


def prove(
    ground: Ground, begun: Frames, acknowledged: Iterable[Acknowledged], unknown: Iterable[Unknown] = ()
) -> None:
    """Raise DisprovedError unless a serial replay of the acknowledged edits gives what is stored.

    An edit that was told to be `unknown` may stand between two of them, once and whole.

    Each must begin on just what the one before it left, and do there what its intent says; frames and
    metadata, with the operation that wrote a link last, must be what the replay gives; the audits clean.
    """
    done, unknown = list(acknowledged), list(unknown)
    now, metadata, been = dict(begun), {id_: {} for id_ in begun}, {state(begun)}
    for each in by_commit(ground.conninfo, done):
        for between in stored_between(now, each.before, unknown):
            now = between.after
            been.add(state(now))
            remember(metadata, between)
        demand(each.before == now, f"{each.intent} began on {each.before}, and the one before left {now}.")
        check(each)
        now = each.after
        been.add(state(now))
        remember(metadata, each)
    for between in stored_between(now, ground.frames(), unknown):
        now = between.after
        remember(metadata, between)
    for each in done:
        if each.xid is None:
            demand(state(each.before) in been, f"{each.intent} found {each.before}, which never stood there.")
            check(each)
    demand(ground.frames() == now, f"Stored is {ground.frames()}, and the last edit left {now}.")
    found = ground.metadata()
    wrong = {id_: (found.get(id_), asked) for id_, asked in metadata.items() if found.get(id_) != asked}
    demand(not wrong, f"The metadata is not what was written last: {wrong}.")
    demand(ground.findings() == 0, "The audits report findings.")


def stored_between(now: Frames, then: Frames, unknown: list[Unknown]) -> list[Acknowledged]:
    """Return, and take out of `unknown`, the fewest that lead from one state to the other."""
    for number in range(1, 1 + (now != then) * min(len(unknown), 2)):
        for some in permutations(unknown, number):
            steps, at = [], now
            for each in some:
                steps += [done_on(at, each)]
                at = steps[-1].after
            if at == then:
                unknown[:] = [each for each in unknown if each not in some]
                return steps
    return []


def done_on(now: Frames, each: Unknown) -> Acknowledged:
    """Return the edit as it would have been done there, if it could be."""
    step = Acknowledged(each.op_id, each.intent, now, now, None, None)
    try:
        return replace(step, after=after(step))
    except InvalidChangeError:
        return step


def by_commit(conninfo: str, done: Iterable[_Step]) -> list[_Step]:
    """Return those that wrote in the order in which the server committed them, by its own record."""
    steps = [each for each in done if each.xid is not None]
    xids = [each.xid for each in steps]
    with psycopg.connect(conninfo) as connection:
        committed = connection.execute(
            "select pg_xact_commit_timestamp(x::xid8::xid) from unnest(%s::text[])"
            " with ordinality as _ (x, n) order by n",
            (xids,),
        ).fetchall()
    demand(len(set(xids)) == len(xids), "Two acknowledged edits are of one transaction.")
    times = {xid: at for xid, (at,) in zip(xids, committed, strict=True)}
    lost = [each for each in steps if times[each.xid] is None]
    demand(not lost, f"The server never committed {len(lost)} acknowledged edits: {lost[:1]}.")
    return sorted(steps, key=lambda each: times[each.xid])


def check(each: Acknowledged) -> None:
    """Demand that the edit did on the links that it found what its intent says, and was meant for them."""
    demand(
        each.seen in {None, state(each.before)}, f"{each.intent} was meant for {each.seen}: {each.before}."
    )
    demand(after(each) == each.after, f"{each.intent} on {each.before} became {each.after}.")


def after(each: Acknowledged) -> Frames:
    plan = planned(each)
    frames = each.before | plan.frames
    frames.pop(plan.removed, None)
    return frames | ({each.op_id: plan.added.frame} if plan.added else {})


def planned(each: Acknowledged) -> Plan:
    # Initialize goes by age, which frames do not tell: its order is believed, its frames are not.
    aged = isinstance(each.intent, Initialize)
    return each.intent.plan(
        Links(
            Link(id_, frame, created=float(each.after[id_] or 0) if aged else 0)
            for id_, frame in each.before.items()
        )
    )


def remember(metadata: Metadata, each: Acknowledged) -> None:
    """Write into the metadata what the edit writes."""
    plan = planned(each)
    moved = {"user_positioned": True, "drag_source": each.intent.source, "drag_session_id": each.op_id}
    for id_ in plan.frames:
        metadata[id_] |= moved
    metadata.pop(plan.removed, None)
    if plan.added:
        metadata[each.op_id] = {} if plan.added.frame is None else dict(moved)
    if isinstance(each.intent, SetPrompts):
        metadata[each.intent.id]["pair_prompt"] = each.intent.prompt


def state(frames: Frames) -> frozenset[tuple[str, int | None]]:
    return frozenset(frames.items())


def demand(holds: object, otherwise: str) -> None:
    """Raise DisprovedError with `otherwise` where it does not hold."""
    if not holds:
        raise DisprovedError(otherwise)
