"""Keeps what was measured in results.json, case by case, and tells it in RESULTS.md and in plots."""

import json
import os
import platform
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from itertools import chain
from pathlib import Path
from typing import Any

from benchmarks.plots import drawn
from benchmarks.side_by_side import Aim, Case, Measured
from shotkit.engine.cluster import Cluster

__all__ = ["HERE", "keep", "written"]

HERE = Path(__file__).parent
_PACKAGES = (
    "shotkit", "pandas", "pyarrow", "psycopg", "sqlalchemy", "adbc-driver-postgresql", "duckdb", "pyspark",
    "polars", "connectorx",
)  # fmt: skip


def keep(folder: Path, name: str, case: Case, cluster: Cluster, made: str) -> None:
    """Put a case into results.json, in place of what it measured before; `made` says how."""
    kept = _read(folder)
    kept["facts"] = {
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "Python": platform.python_version(),
        "server": f"PostgreSQL {cluster.version}, as the embedded server is set up",
        "versions": ", ".join(f"{each} {found}" for each in _PACKAGES if (found := _version(each))),
    }
    kept["cases"][name] = {"made": f"{datetime.now(UTC):%Y-%m-%d}, {made}", **asdict(case)}
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "results.json").write_text(json.dumps(kept, indent=1) + "\n", "utf-8")


def written(folder: Path) -> None:
    """Write RESULTS.md, with the reasons that WHY.md tells, and the plots out of results.json."""
    kept = _read(folder)
    facts = [f"- {name}: {value}" for name, value in kept["facts"].items()]
    parts = [_told(folder, name, case) for name, case in kept["cases"].items()]
    why = (HERE / "WHY.md").read_text("utf-8").rstrip()
    head = [
        "# Results",
        "",
        "Made by `make bench`. Medians of runs in turns; trust the ratios, not the times: each is a way's",
        "time in those of the first way of its group. The widgets: [IN_BROWSER.md](IN_BROWSER.md).",
        "",
    ]
    (folder / "RESULTS.md").write_text(
        "\n".join([*head, *facts, "", why, *chain.from_iterable(parts)]) + "\n", "utf-8"
    )


def _read(folder: Path) -> dict[str, Any]:
    file = folder / "results.json"
    kept: dict[str, Any] = json.loads(file.read_text("utf-8")) if file.exists() else {}
    return kept if "cases" in kept else {"facts": {}, "cases": {}}


def _told(folder: Path, name: str, case: dict[str, Any]) -> list[str]:
    lines = ["", f"## {case['title']}", "", f"Made {case['made']}."]
    if case["aims"]:
        lines += ["", "| aim | at most or at least | found | |", "|---|---|---|---|"]
        lines += [_aim(Aim(**aim)) for aim in case["aims"]]
    if case["measured"]:
        lines += ["", "| what | way | ms | times the limit |", "|---|---|---|---|"]
        lines += [_row(Measured(**row)) for row in case["measured"]]
    if case["notes"]:
        lines += ["", *(f"- {note}" for note in case["notes"])]
    if case["growth"]:
        drawn(case["growth"], folder / f"{name}.svg", case["title"])
        lines += ["", f"![{case['title']}, by size]({name}.svg)"]
    return lines


def _aim(aim: Aim) -> str:
    return f"| {aim.what} | {aim.aim} | {aim.figure:.3g} | {'met' if aim.met else '**missed**'} |"


def _row(row: Measured) -> str:
    return f"| {row.group} | {row.way} | {row.milliseconds:,.1f} | {row.ratio:.2f} |"


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
