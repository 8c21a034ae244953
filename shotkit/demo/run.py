"""The main job, told step by step: what `shotkit demo` runs."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict, dataclass, field
from time import perf_counter
from typing import TYPE_CHECKING, Any

from shotkit.demo.drop import drop
from shotkit.demo.faults import plant
from shotkit.demo.fill import check, fill
from shotkit.demo.story import MAIN_SHOT
from shotkit.engine import open_database
from shotkit.kit import Kit
from shotkit.schema.migrations import push

if TYPE_CHECKING:
    from shotkit.audit import Report
    from shotkit.demo.faults import Planted

__all__ = ["Result", "run"]

FAULTS_A_CLASS = 2

Tell = Callable[[str], None]
Steps = Callable[[str], AbstractContextManager[Tell]]


@dataclass(frozen=True)
class Step:
    """One step of the demo and how long it took, in seconds."""

    step: str
    seconds: float


@dataclass
class Result:
    """What the demo did and what its audits said."""

    steps: list[Step] = field(default_factory=list)
    audit: dict[str, Any] = field(default_factory=dict)
    left: str = ""  # the findings of the last audit

    @property
    def proven(self) -> bool:
        """Clean before, all that was planted found, clean after."""
        found_all = self.audit["planted"] == self.audit["found"] > 0
        return bool(self.audit["clean_before"] and found_all and self.audit["clean_after"])

    def as_dict(self) -> dict[str, Any]:
        """Return the shape that `shotkit demo --json` prints."""
        seconds = round(sum(step.seconds for step in self.steps), 3)
        return {"seconds": seconds, "steps": [asdict(step) for step in self.steps], "audit": self.audit}


def run(size: str, say: Tell, *, fresh: bool, progress: bool) -> Result:
    """Run the main job on the embedded server, telling `say` a line a step; `fresh` drops the demo first."""
    result = Result()

    @contextmanager
    def step(name: str) -> Iterator[Tell]:
        said: list[str] = []
        started = perf_counter()
        yield said.append
        result.steps.append(Step(name, round(perf_counter() - started, 3)))
        say(f"{result.steps[-1].seconds:6.2f} s  {name:<8} {' '.join(said)}")

    kit = _prepare(size, step, fresh=fresh, progress=progress)
    with kit:
        _load(kit, step)
        _change(kit, step)
        _prove(kit, step, result)
    return result


def _prepare(size: str, step: Steps, *, fresh: bool, progress: bool) -> Kit:
    with step("start") as tell:
        database = open_database()
        check(database, size)  # before anything is made in a database that is somebody else's
        tell(f"PostgreSQL {database.server_version}, {'embedded' if database.embedded else database.name}")
    with step("schema") as tell:
        applied = push(database)
        tell(f"{len(applied)} migrations applied" if applied else "up to date")
    kit = Kit(database)
    if fresh:
        with step("drop") as tell:
            tell(f"{drop(database)} projects of the demo, and nothing else")
    with step("fill") as tell:
        filled = fill(database, kit.store, size, progress=progress)
        tell(f"{filled.generations:,} generations in {filled.shots:,} shots")
        if left := len(kit.repair(apply=True).changes):
            tell(f"({left} faults that an interrupted run left are repaired)")
    return kit


def _load(kit: Kit, step: Steps) -> None:
    shot = kit.shot(MAIN_SHOT)
    with step("phase 1") as tell:
        tell(f"{len(shot.images())} rows to look at, out of shot_data: one query, no join, no params")
    with step("phase 2") as tell:
        tell(f"{len(shot.links())} links with their ids and metadata")
    with step("merge") as tell:
        off = len(shot.unpositioned())
        tell(f"{len(shot.timeline())} on the timeline, {off} off it, drift in {len(shot.drift())} places")


def _change(kit: Kit, step: Steps) -> None:
    """Change a copy of the shot and take all of it back, so that the demo stays as it is told."""
    with step("reorder") as tell:
        copy = kit.shot(kit.shot(MAIN_SHOT).duplicate().op_id)
        order = copy.timeline()["id"].to_list()
        copy.reorder(order[::-1])
        tell(f"{len(order)} images of a copy turned round by one proven transaction")
    with step("switch") as tell:
        gen = kit.generation(copy.timeline()["generation_id"].iloc[-2])
        variants = gen.variants()
        gen.make_primary(variants["id"][~variants["is_primary"]].iloc[0])
        tell(f"another of {len(variants)} variants made primary, in every shot that holds it")
    with step("undo") as tell:
        undone = [kit.undo() for _ in range(3)]
        tell(f"{len(undone)} changes taken back, the copy too")


def _prove(kit: Kit, step: Steps, result: Result) -> None:
    with step("audit") as tell:
        before = kit.audit()
        tell(f"{before.coverage['links'] or 0:,} links against shot_data: {len(before.findings)} findings")
    with step("plant") as tell:
        planted = plant(kit.database, "all", count=FAULTS_A_CLASS)
        tell(f"{len(planted)} faults of {len({fault.verdict for fault in planted})} classes")
    with step("find") as tell:
        found = len(_keys(planted) & _found(kit.audit()))
        tell(f"{found} of {len(planted)} found")
    with step("repair") as tell:
        tell(f"{len(kit.repair(apply=True).changes)} generations rebuilt from their links")
    with step("audit") as tell:
        after = kit.audit()
        tell(f"{len(after.findings)} findings")
    result.left = _named(after)
    result.audit = {
        "clean_before": before.ok,
        "planted": len(planted),
        "found": found,
        "clean_after": after.ok,
    }


def _named(report: "Report") -> str:
    counts = report.findings["audit"].value_counts(sort=False).to_dict()
    return ", ".join(f"{count} of {audit}" for audit, count in counts.items())


def _keys(planted: "list[Planted]") -> set[tuple[str | None, str | None, str]]:
    return {(fault.generation_id, fault.shot_id, fault.verdict) for fault in planted}


def _found(report: "Report") -> set[tuple[str | None, str | None, str]]:
    columns = report.findings[["generation_id", "shot_id", "verdict"]].to_dict("list")
    shots = [shot if isinstance(shot, str) else None for shot in columns["shot_id"]]
    return set(zip(columns["generation_id"], shots, columns["verdict"], strict=True))
