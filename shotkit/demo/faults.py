"""Plants known faults, so that the audits are seen to find them; never in a real database."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, Any

from shotkit import sql
from shotkit.audit import run
from shotkit.audit.flat import over_flat
from shotkit.demo.fault_kinds import (
    CELL_KINDS,
    DOCUMENT_KINDS,
    DROPPED,
    KEY_KINDS,
    VERDICTS,
    CellKind,
    DocumentKind,
    KeyKind,
    gone_shot,
)
from shotkit.demo.rule_faults import Planted, plant_rule, rule_classes
from shotkit.errors import ConfigurationError, InvalidChangeError, WriteNotStoredError

if TYPE_CHECKING:
    from shotkit.engine import Database, Transaction

__all__ = ["Planted", "plant"]

Kind = CellKind | KeyKind | DocumentKind


def plant(database: "Database", fault_class: str, count: int = 1, seed: int = 0) -> list[Planted]:
    """Plant `count` faults of a class where there is none; `seed` chooses where.

    A class is a verdict of shot_data, `all` of these, or another audit's number, alone or with a verdict:
    `0011`, `0011/none`. Only in an embedded or scratch database; all of them or, where there is no room for
    as many, none.
    """
    if fault_class not in (*VERDICTS, "all", *rule_classes()):
        classes = ", ".join((*sorted(VERDICTS), "all", *rule_classes()))
        raise ConfigurationError(f"There are no faults of class {fault_class!r:.80}; there are {classes}.")
    if count < 1:
        raise ConfigurationError(f"Ask for one fault or more, found {count}.")
    _refuse_what_may_be_real(database)
    if fault_class in rule_classes():
        return plant_rule(database, fault_class, count, seed)
    return _plant_shot_data(database, fault_class, count, seed)


def _plant_shot_data(database: "Database", fault_class: str, count: int, seed: int) -> list[Planted]:
    if not database.rows(over_flat("audit/circumstances"))[0]["arrays"]:
        raise ConfigurationError("Faults are planted into lists; shot_data holds scalars in this database.")
    faulty = set(run(database, "0001").findings["generation_id"])
    with database.transaction(repeatable=True) as transaction:
        ground = _ground(transaction, faulty, Random(seed))  # noqa: S311  chooses places, no secrets
        for verdict in VERDICTS if fault_class == "all" else (fault_class,):
            ground.spoil(verdict, count)
        _write(transaction, ground)
    return ground.planted


@dataclass
class _Ground:
    """The documents that were right, what becomes of them, and the faults that makes."""

    documents: dict[str, dict[str, list[int | None]]]
    shots: list[str]
    random: Random
    spoilt: dict[str, Any] = field(default_factory=dict)
    planted: list[Planted] = field(default_factory=list)

    def spoil(self, verdict: str, count: int) -> None:
        """Plant `count` faults of a verdict, its kinds in turn."""
        kinds = [kind for kind in (*CELL_KINDS, *KEY_KINDS, *DOCUMENT_KINDS) if kind.verdict == verdict]
        turns = [self._places(kind) for kind in kinds]
        planted = 0
        while planted < count and turns:
            turn = turns.pop(0)
            if next(turn, None):
                planted += 1
                turns.append(turn)
        if planted < count:
            raise InvalidChangeError(
                f"There is room for {planted} faults of {verdict}, not for {count}; nothing was planted."
            )

    def _places(self, kind: Kind) -> Iterator[bool]:
        # One lap over the generations for each kind; what is spoilt meanwhile is passed by.
        for generation_id in self.documents:
            if isinstance(kind, CellKind):
                places = self._spoil_cells(kind, generation_id)
            elif isinstance(kind, KeyKind):
                places = self._add_key(kind, generation_id)
            else:
                places = self._replace(kind, generation_id)
            yield from places

    def _spoil_cells(self, kind: CellKind, generation_id: str) -> Iterator[bool]:
        for shot_id, frames in self.documents[generation_id].items():
            document = self.spoilt.get(generation_id, self.documents[generation_id])
            if isinstance(document, dict) and document.get(shot_id, DROPPED) is frames and kind.fits(frames):
                yield self._keep(kind, generation_id, shot_id, kind.spoil(self.random, frames))

    def _add_key(self, kind: KeyKind, generation_id: str) -> Iterator[bool]:
        document = self.spoilt.get(generation_id, self.documents[generation_id])
        if not isinstance(document, dict):
            return
        key = self._key(kind, generation_id)
        if key not in document and key not in self.documents[generation_id]:
            yield self._keep(kind, generation_id, key, kind.cell)

    def _key(self, kind: KeyKind, generation_id: str) -> str:
        match kind.key:
            case "shot":
                return self.random.choice(self.shots or [gone_shot(self.random)])
            case "gone":
                return gone_shot(self.random)
            case "upper":
                return next(iter(self.documents[generation_id])).upper()
            case "text":
                return f"shot {self.random.randrange(1_000)}"

    def _replace(self, kind: DocumentKind, generation_id: str) -> Iterator[bool]:
        if generation_id not in self.spoilt:
            yield self._keep(kind, generation_id, None, kind.document)

    def _keep(self, kind: Kind, generation_id: str, shot_id: str | None, value: object) -> bool:
        if shot_id is None:
            self.spoilt[generation_id] = value
        else:
            document = self.spoilt.setdefault(generation_id, dict(self.documents[generation_id]))
            if value is DROPPED:
                del document[shot_id]
            else:
                document[shot_id] = value
        key = generation_id if shot_id is None else f"{generation_id}/{shot_id}"
        self.planted.append(Planted("0001", kind.verdict, key, kind.name, generation_id, shot_id))
        return True


def _ground(transaction: "Transaction", faulty: set[str], random: Random) -> _Ground:
    rows = transaction.rows(sql.statement("demo/faults_ground"))
    right = [row for row in rows if row["generation_id"] not in faulty]
    random.shuffle(right)
    documents = json.loads("[" + ",".join(row["document"] for row in right) + "]")
    shots = [row["shot_id"] for row in transaction.rows(sql.statement("demo/faults_shots"))]
    ids = (row["generation_id"] for row in right)
    return _Ground(dict(zip(ids, documents, strict=True)), shots, random)


def _write(transaction: "Transaction", ground: _Ground) -> None:
    rows = transaction.rows(
        sql.statement("demo/spoil_shot_data"),
        generation_ids=list(ground.spoilt),
        documents=[json.dumps(document) for document in ground.spoilt.values()],
    )
    if len(stored := [row for row in rows if row["stored"]]) < len(ground.spoilt):
        raise WriteNotStoredError(
            f"The database kept {len(stored)} of {len(ground.spoilt)} spoilt documents; nothing was planted."
        )


def _refuse_what_may_be_real(database: "Database") -> None:
    if not database.is_scratch:
        raise ConfigurationError(
            f"Faults are planted in the embedded database or in one whose name ends in _scratch, not in "
            f"{database.database_name!r}."
        )
