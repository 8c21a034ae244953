"""What each load query costs the server: rows and buffers, by EXPLAIN (ANALYZE, BUFFERS)."""

from typing import Any

import psycopg

from benchmarks.lab import Lab
from benchmarks.side_by_side import Case
from shotkit import sql

__all__ = ["plans"]

_PICKED = """
select s.id::text as shot_id, s.project_id::text as project_id, p.user_id::text as user_id,
       (select array_agg(generation_id::text) from shot_generations where shot_id = s.id) as generation_ids
from shots s join projects p on p.id = s.project_id where s.name = %s
"""
_STATEMENTS = (
    "phase_one", "phase_two", "shown_generations", "gallery", "prompts", "shots", "projects", "variants",
    "lineage", "tasks", "ledger", "find_shot", "find_project", "snapshot",
)  # fmt: skip
_DEFAULTS = {
    "children": False,
    "starred": False,
    "edits_only": False,
    "unpositioned": False,
    "in_no_shot": False,
}


def plans(lab: Lab) -> Case:
    """Explain each statement on the largest shot of each world, once it is warm."""
    case = Case("What the load queries cost the server")
    case.notes.append("Warm; buffers are pages of 8 kB, found in the server's memory or read into it.")
    for world in lab.load_worlds():
        with psycopg.connect(lab.conninfo(world), autocommit=True) as bare:
            given = _parameters(bare, f"images {lab.size.images[-1]}")
            for name in _STATEMENTS:
                case.notes.append(
                    f"{name}, {world.generations:,} generations: {_explained(bare, name, given)}"
                )
    return case


def _parameters(bare: "psycopg.Connection[Any]", shot: str) -> dict[str, Any]:
    row = bare.execute(_PICKED, (shot,)).fetchone()
    assert row is not None  # noqa: S101  every world has the shot
    shot_id, project_id, user_id, generation_ids = row
    given = {
        "project_id": project_id,
        "user_id": user_id,
        "generation_ids": generation_ids,
        "shot_id": shot_id,
    }
    return {**given, **_DEFAULTS, "generation_id": generation_ids[0], "name": shot, "id": None, "limit": 50}


def _explained(bare: "psycopg.Connection[Any]", name: str, given: dict[str, Any]) -> str:
    statement = sql.statement(f"load/{name}")
    own = {each: given.get(each) for each in statement.parameters}
    if name == "gallery":
        own["shot_id"] = None  # the first page of a project
    text = f"explain (analyze, buffers, format json) {statement.text}"
    for _ in range(2):
        row = bare.execute(text.encode(), own).fetchone()
    assert row is not None  # noqa: S101  a plan is one row
    [explained] = row[0]
    plan = explained["Plan"]
    hit, read = plan["Shared Hit Blocks"], plan["Shared Read Blocks"]
    rows, taken = plan["Actual Rows"], explained["Execution Time"]
    return f"{rows:,.0f} rows, {hit:,} buffers found and {read:,} read, {taken:.2f} ms"
