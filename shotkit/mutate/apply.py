"""One change of a shot, one transaction: lock, compare with what the caller saw, write, prove, commit."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from shotkit.engine import passing
from shotkit.errors import ConnectionLostError, InvalidChangeError, ShotkitError, StaleShotError
from shotkit.mutate.attempts import DEADLINE, stored
from shotkit.mutate.change import Change, checked_op_id
from shotkit.mutate.differ import difference
from shotkit.mutate.links import Links
from shotkit.mutate.locks import (
    Begun,
    Locking,
    check_homes,
    links_in,
    links_of,
    locked,
    locked_shot,
    no_shot,
    refuse_unlocked,
)
from shotkit.mutate.outcome import outcome
from shotkit.mutate.remember import ask_whole_links, of_links, whole_links
from shotkit.mutate.shot_data import compare, mend
from shotkit.mutate.write import send
from shotkit.sql import statement

if TYPE_CHECKING:
    import pyarrow as pa

    from shotkit.engine import Database, Transaction
    from shotkit.mutate.intents import Intent
    from shotkit.mutate.links import Plan

__all__ = ["apply"]

_FEW = 1_000  # links; a plan that is kept is made for a few, and for more than these is worth making


@dataclass(frozen=True)
class _Order:
    """An intent for a shot, with what its caller saw."""

    shot_id: str
    intent: "Intent"
    seen: dict[str, int | None] | None
    rebase: bool
    expected: "Plan | None" = None  # on the links as seen


@dataclass(frozen=True)
class _Written:
    """What a transaction did, and by what it can be found again."""

    links: Links
    plan: "Plan"
    begun: Begun
    stored: "pa.Table | None" = None
    rows: Mapping[str, Any] = field(default_factory=dict)


def apply(  # noqa: PLR0913  each is a keyword that a caller may leave out
    database: "Database",
    shot_id: str,
    intent: "Intent",
    *,
    seen: Mapping[str, int | None] | None = None,
    rebase: bool = False,
    dry_run: bool = False,
    op_id: str | None = None,
    deadline: float = DEADLINE,
) -> Change:
    """Store what `intent` comes to on a shot, all of it or nothing.

    `seen` has the frame of every link that the caller saw; where the shot is another by now it is refused
    with StaleShotError, or with `rebase` worked out anew on today's links. `dry_run` writes nothing.
    `op_id` is a UUID that no other change has, else one is made. Locks that are held, deadlocks and lost
    connections are tried again until `deadline` seconds are over.
    """
    op_id = checked_op_id(op_id)
    expected = None if seen is None else intent.plan(Links.of(seen))
    order = _Order(shot_id, intent, None if seen is None else dict(seen), rebase, expected)
    if dry_run:
        with database.transaction(read_only=True, repeatable=True) as transaction:
            found = _planned(transaction, order)
    else:
        found = stored(
            database,
            lambda transaction: _store(transaction, order, op_id),
            lambda transaction, written: _was_kept(transaction, order.shot_id, op_id, written),
            deadline,
        )
    after = _after(found.links, found.plan, op_id)
    change = Change(op_id, intent.code, dry_run, found.links.frames, after)
    if found.stored is None:
        return change
    removed = (found.plan.removed,) if found.plan.removed else ()
    undo = partial(of_links, shot_id, found.links, found.plan, found.rows, found.stored, after)
    return replace(change, xid=found.begun.xid, stored=found.stored, removed=removed, remembered=undo)


def _planned(transaction: "Transaction", order: _Order) -> _Written:
    shot = transaction.rows(statement("mutate/shot"), shot_id=order.shot_id)
    if not shot:
        raise no_shot(order.shot_id)
    links = links_of(transaction, order.shot_id, "links")
    plan = _plan(order, links, transaction)
    check_homes(transaction, "generations", plan, links, shot[0]["project_id"])
    order.intent.check(links, whole_links(ask_whole_links(transaction, plan)))
    return _Written(links, plan, Begun())


def _store(transaction: "Transaction", order: _Order, op_id: str) -> _Written:
    if order.expected and order.expected.only_moves and not order.intent.kinds:
        if written := _store_expected(transaction, order, order.expected, op_id):
            return written
        transaction.start_over()
    shot, links = locked(transaction, order.shot_id, kinds=order.intent.kinds)
    begun = Begun.of(shot)
    plan = _plan(order, links, transaction)
    if not plan:
        return _Written(links, plan, begun)
    with transaction.pipeline():
        generations: list[str] = []
        if not plan.only_moves:  # their generations are locked by write_frames
            generations = check_homes(transaction, "lock_generations", plan, links, shot["project_id"])
        asked = ask_whole_links(transaction, plan)
        proven = _send(transaction, order, plan, op_id, generations)
    rows = whole_links(asked)
    order.intent.check(links, rows)
    return _Written(links, plan, begun, proven(), rows)


def _store_expected(transaction: "Transaction", order: _Order, plan: "Plan", op_id: str) -> _Written | None:
    """Send the locks and at once what is asked of the links as seen; None where that is not asked now.

    What was written then is to be rolled back, and the change to be made step by step.
    """
    try:
        with transaction.pipeline(prepared=len(plan.frames) <= _FEW):
            asked = Locking.ask(transaction, order.shot_id)
            proven = _send(transaction, order, plan, op_id, [])
    except ShotkitError as error:
        if passing(error) or isinstance(error, ConnectionLostError):
            raise
        return None  # a trigger or a policy may have refused it only because another was faster
    shot, links = asked.shot.rows(), links_in(asked.links, kinds=False)
    if not shot or links.frames != order.seen or order.intent.plan(links) != plan:
        return None
    order.intent.check(links, {})
    return _Written(links, plan, Begun.of(shot[0]), proven())


def _send(
    transaction: "Transaction", order: _Order, plan: "Plan", op_id: str, generations: list[str]
) -> "Callable[[], pa.Table]":
    """Send the write in a pipeline; what comes back proves it after that, mends shot_data, returns rows."""
    proven = send(transaction, order.shot_id, plan, op_id=op_id, source=order.intent.source)
    if not (generations or plan.frames):
        return proven
    compared = compare(transaction, order.shot_id, generations, plan.frames)

    def mended() -> "pa.Table":
        rows = proven()
        mend(transaction, order.shot_id, compared)
        return rows

    return mended


def _plan(order: _Order, links: Links, transaction: "Transaction") -> "Plan":
    if order.seen is None or order.seen == links.frames:
        return order.intent.plan(links)
    if hidden := order.seen.keys() - links.keys():
        refuse_unlocked(transaction, order.shot_id, hidden)
    if not order.rebase:
        raise _stale(
            order, links, "look at it again with shot.timeline() and repeat the change, or give rebase=True"
        )
    try:
        return order.intent.plan(links)
    except InvalidChangeError as error:
        raise _stale(order, links, f"the change makes no sense on it now: {error}") from error


def _stale(order: _Order, links: Links, way_out: str) -> StaleShotError:
    seen, found = order.seen or {}, links.frames
    return StaleShotError(
        f"Shot {order.shot_id} changed since it was read: {difference(seen, found)}. Nothing was written; "
        f"{way_out}.",
        seen=seen,
        found=found,
    )


def _after(links: Links, plan: "Plan", op_id: str) -> dict[str, int | None]:
    frames = {id_: frame for id_, frame in (links.frames | dict(plan.frames)).items() if id_ != plan.removed}
    return frames | ({plan.new(op_id): plan.added.frame} if plan.added else {})


def _was_kept(transaction: "Transaction", shot_id: str, op_id: str, written: _Written) -> bool | None:
    # The lock waits until the server has ended the transaction whose client it lost.
    locked_shot(transaction, shot_id)
    ids = written.plan.touched
    return outcome(
        transaction,
        "outcome",
        written.begun,
        op_id=written.plan.new(op_id),
        ids=ids,
        versions=[written.links[id_].version for id_ in ids],
    )
