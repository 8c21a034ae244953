"""One change of a generation's variants, one transaction: lock the generation, write, prove, commit."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from shotkit.errors import InvalidChangeError, NotFoundError, NotPermittedError
from shotkit.load import load_variants
from shotkit.mutate.attempts import DEADLINE, stored
from shotkit.mutate.change import Change
from shotkit.mutate.write import prove
from shotkit.sql import statement

if TYPE_CHECKING:
    import pyarrow as pa

    from shotkit.engine import Database, Transaction
    from shotkit.mutate.variant_intents import VariantIntent

__all__ = ["apply_to_variants"]


@dataclass(frozen=True)
class _Written:
    """What a transaction did, and by what it can be found again."""

    before: "pa.Table"
    after: "pa.Table"
    xid: str
    versions: list[str]


def apply_to_variants(
    database: "Database",
    generation_id: str,
    intent: "VariantIntent",
    *,
    dry_run: bool = False,
    deadline: float = DEADLINE,
) -> Change:
    """Store what `intent` comes to on a generation's variants, all of it or nothing.

    The server's triggers do the rest (demote, promote, copy to the generation); that they did is proven.
    `dry_run` checks it and writes nothing: `after` is then as `before`.
    """
    op_id = str(uuid4())
    if dry_run:
        with database.transaction(read_only=True, repeatable=True) as transaction:
            _generation(transaction, generation_id)
            before = load_variants(transaction, generation_id)
            intent.parameters(_by_id(before))
        return Change(op_id, intent.code, dry_run, before, before)
    written = stored(
        database,
        lambda transaction: _store(transaction, generation_id, intent, op_id),
        lambda transaction, written: _was_kept(transaction, generation_id, op_id, written),
        deadline,
    )
    return Change(op_id, intent.code, dry_run, written.before, written.after)


def _store(transaction: "Transaction", generation_id: str, intent: "VariantIntent", op_id: str) -> _Written:
    xid = _lock(transaction, generation_id)
    shown = _generation(transaction, generation_id)
    before = load_variants(transaction, generation_id)
    text = statement(f"mutate/{intent.statement}")
    parameters = intent.parameters(_by_id(before)) | {"generation_id": generation_id, "op_id": op_id}
    transaction.execute(text, **{name: parameters[name] for name in text.parameters})
    after = load_variants(transaction, generation_id)
    _prove(intent, _by_id(after).get(parameters.get("variant_id", op_id)))
    if intent.asked.get("is_primary") or _primaries(before) != _primaries(after):
        _prove_shown(_generation(transaction, generation_id), _by_id(after))
    return _Written(before, after, xid, shown["versions"])


def _lock(transaction: "Transaction", generation_id: str) -> str:
    if locked := transaction.rows(statement("mutate/lock_generation"), generation_id=generation_id):
        return str(locked[0]["xid"])
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


def _primaries(variants: "pa.Table") -> list[str]:
    return [row["id"] for row in variants.to_pylist() if row["is_primary"]]


def _prove(intent: "VariantIntent", row: dict[str, Any] | None) -> None:
    asked = intent.asked
    prove({"there": bool(asked)}, {"there": row is not None})
    if row is not None:
        row = row | {"viewed": row["viewed_at"] is not None}
        prove(asked, {key: row[key] for key in asked})


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
    found = transaction.rows(
        statement("mutate/variant_outcome"),
        generation_id=generation_id,
        op_id=op_id,
        xid=written.xid,
        versions=written.versions,
    )[0]
    if found["found"] or found["untouched"]:
        return bool(found["found"])
    return {"committed": True, "aborted": False}.get(found["status"])
