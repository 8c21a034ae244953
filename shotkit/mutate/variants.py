"""One change of a generation's variants, one transaction: lock the generation, write, prove, commit."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from shotkit.errors import InvalidChangeError, NotFoundError, NotPermittedError, StaleVariantsError
from shotkit.load import load_variants
from shotkit.load.shown import with_identities
from shotkit.model.tables import VARIANTS
from shotkit.mutate.attempts import DEADLINE, stored
from shotkit.mutate.change import Change, checked_op_id
from shotkit.mutate.locks import Begun
from shotkit.mutate.outcome import outcome
from shotkit.mutate.remember import of_variant
from shotkit.mutate.write import prove
from shotkit.sql import statement

if TYPE_CHECKING:
    from shotkit.engine import Database, Transaction
    from shotkit.mutate.variant_intents import VariantIntent

__all__ = ["apply_to_variants"]


@dataclass(frozen=True)
class _Order:
    """An intent for a generation, with what its caller saw."""

    generation_id: str
    intent: "VariantIntent"
    seen: dict[str, bool] | None
    op_id: str


@dataclass(frozen=True)
class _Written:
    """What a transaction did, and by what it can be found again."""

    before: pa.Table
    after: pa.Table
    begun: Begun = field(default_factory=Begun)
    versions: tuple[str, ...] = ()
    touched: int = 0
    remembered: Mapping[str, Any] | None = None


def apply_to_variants(  # noqa: PLR0913  each is a keyword that a caller may leave out
    database: "Database",
    generation_id: str,
    intent: "VariantIntent",
    *,
    seen: Mapping[str, bool] | None = None,
    dry_run: bool = False,
    op_id: str | None = None,
    deadline: float = DEADLINE,
) -> Change:
    """Store what `intent` comes to on a generation's variants, all of it or nothing.

    The server's triggers do the rest (demote, promote, copy to the generation); that they did is proven.
    `seen` says of every variant that the caller saw whether it was primary; where they are others by now it
    is refused with StaleVariantsError. `dry_run` writes nothing and tells what would be. `op_id` is a UUID
    that no other change has, else one is made.
    """
    order = _Order(generation_id, intent, None if seen is None else dict(seen), checked_op_id(op_id))
    if dry_run:
        with database.transaction(read_only=True, repeatable=True) as transaction:
            found = _foreseen(transaction, order)
    else:
        found = stored(
            database,
            lambda transaction: _store(transaction, order),
            lambda transaction, written: _was_kept(transaction, generation_id, order.op_id, written),
            deadline,
        )
    wrote: dict[str, Any] = {}
    if found.touched:
        wrote = {
            "xid": found.begun.xid,
            "stored": found.after,
            "remembered": lambda: found.remembered,
        }
    return Change(order.op_id, intent.code, dry_run, found.before, found.after, **wrote)


def _foreseen(transaction: "Transaction", order: _Order) -> _Written:
    home = _generation(transaction, order.generation_id)
    before = load_variants(transaction, order.generation_id)
    order = replace(order, intent=order.intent.fitted(_by_id(before)))
    parameters = _parameters(order, before)
    about = {
        "id": parameters["id"],
        "generation_id": order.generation_id,
        "project_id": home["project_id"],
    }
    rows = sorted(order.intent.outcome(_by_id(before), about).values(), key=lambda row: row["id"])
    rows.sort(key=lambda row: (row["is_primary"], row["created_at"]), reverse=True)
    known = pa.schema(list(VARIANTS)[:-3])
    return _Written(before, with_identities(pa.Table.from_pylist(rows, schema=known)))


def _parameters(order: _Order, variants: pa.Table) -> dict[str, Any]:
    """Check the intent on the variants; return its statement's parameters, `id` of the variant included."""
    found = _flags(variants)
    if order.seen is not None and order.seen != found:
        raise StaleVariantsError(
            f"The variants of generation {order.generation_id} changed since they were read. Nothing was "
            "written; look at them again with gen.variants() and repeat the change.",
            seen=order.seen,
            found=found,
        )
    given = order.intent.parameters(_by_id(variants))
    own = {"generation_id": order.generation_id, "op_id": order.op_id}
    return given | own | {"id": given.get("variant_id", order.op_id)}


def _store(transaction: "Transaction", order: _Order) -> _Written:
    begun = _lock(transaction, order.generation_id)
    shown = _generation(transaction, order.generation_id)
    before = load_variants(transaction, order.generation_id)
    order = replace(order, intent=order.intent.fitted(_by_id(before)))
    parameters = _parameters(order, before)
    variant_id, known = parameters["id"], set(before["id"].to_pylist())
    row = None if order.intent.asked else _whole(transaction, variant_id)
    if row is not None:
        order.intent.check(_by_id(before), row)
    touched = 0
    for name, given in order.intent.steps(parameters):
        text = statement(f"mutate/{name}")
        touched += transaction.execute(text, **{key: given[key] for key in text.parameters})
    after = load_variants(transaction, order.generation_id)
    if variant_id not in known:
        row = _whole(transaction, variant_id)
    _prove(transaction, order.intent, parameters, _by_id(after).get(parameters["id"]))
    if order.intent.asked.get("is_primary") or _primaries(before) != _primaries(after):
        _prove_shown(_generation(transaction, order.generation_id), _by_id(after))
    if "row" in parameters:
        prove({"row": parameters["row"]}, {"row": row})
    if order.intent.left is not None:
        prove(order.intent.left, _flags(after))
    remembered = of_variant(order.generation_id, variant_id, before, after, row)
    return _Written(before, after, begun, tuple(shown["versions"]), touched, remembered)


def _whole(transaction: "Transaction", variant_id: str) -> str | None:
    rows = transaction.rows(statement("mutate/whole_variant"), variant_id=variant_id)
    return rows[0]["row"] if rows else None


def _lock(transaction: "Transaction", generation_id: str) -> Begun:
    if locked := transaction.rows(statement("mutate/lock_generation"), generation_id=generation_id):
        return Begun.of(locked[0])
    _generation(transaction, generation_id)
    raise NotPermittedError(
        f"This user may see but not change generation {generation_id}; connect as one who may."
    )


def _generation(transaction: "Transaction", generation_id: str) -> dict[str, Any]:
    found = transaction.rows(statement("mutate/generation"), generation_id=generation_id)
    if not found:
        raise NotFoundError(
            f"There is no generation {generation_id} that this user may see; see kit.generations()."
        )
    return found[0]


def _by_id(variants: "pa.Table") -> dict[str, dict[str, Any]]:
    return {row["id"]: row for row in variants.to_pylist()}


def _flags(variants: "pa.Table") -> dict[str, bool]:
    return {row["id"]: row["is_primary"] for row in variants.to_pylist()}


def _primaries(variants: "pa.Table") -> list[str]:
    return [row["id"] for row in variants.to_pylist() if row["is_primary"]]


def _prove(
    transaction: "Transaction",
    intent: "VariantIntent",
    parameters: dict[str, Any],
    row: dict[str, Any] | None,
) -> None:
    asked = intent.asked
    prove({"there": bool(asked)}, {"there": row is not None})
    if row is None:
        return
    row |= {"viewed": row["viewed_at"] is not None}
    if "params" in asked:
        row |= _bare(transaction, parameters, asked["params"])
    prove(asked, {key: row[key] for key in asked})


def _bare(transaction: "Transaction", parameters: dict[str, Any], params: object) -> dict[str, Any]:
    """Return of a variant what a list of variants does not show, or shows otherwise."""
    [row] = transaction.rows(
        statement("mutate/variant"), variant_id=parameters["id"], params=parameters["params"]
    )
    # Compared as jsonb by the server: of what Python gave, it keeps numbers and keys in a form of its own.
    return row | ({"params": params} if row.pop("kept") else {})


def _prove_shown(generation: dict[str, Any], variants: dict[str, dict[str, Any]]) -> None:
    """Hold the generation against its one primary variant, which it must show."""
    primary = [row for row in variants.values() if row["is_primary"]]
    if not variants:
        prove({"location": None}, {"location": generation["location"]})
        return
    if len(primary) != 1:
        raise InvalidChangeError(
            f"The generation would have {len(primary)} primary variants among {len(variants)}; make one "
            "primary first. Nothing was written."
        )
    asked = {"location": primary[0]["location"], "primary_variant_id": primary[0]["id"]}
    prove(asked, {key: generation[key] for key in asked})


def _was_kept(transaction: "Transaction", generation_id: str, op_id: str, written: _Written) -> bool | None:
    # The lock waits until the server has ended the transaction whose client it lost.
    _lock(transaction, generation_id)
    return outcome(
        transaction,
        "variant_outcome",
        written.begun,
        generation_id=generation_id,
        op_id=op_id,
        versions=list(written.versions),
    )
