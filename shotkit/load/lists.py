"""The lists a kit hands out: projects, shots, variants, tasks, the ledger."""

from typing import TYPE_CHECKING

import pyarrow as pa

from shotkit.load.lacking import telling
from shotkit.load.shown import with_identities
from shotkit.model.tables import LEDGER, PROJECTS, SHOTS, TASKS, VARIANTS
from shotkit.sql import statement

if TYPE_CHECKING:
    from shotkit.load.phases import Reader

__all__ = ["load_ledger", "load_projects", "load_shots", "load_tasks", "load_variants"]


@telling
def load_projects(reader: "Reader") -> pa.Table:
    """Return a table of PROJECTS."""
    return reader.table(statement("load/projects"), PROJECTS)


@telling
def load_shots(reader: "Reader", project_id: str | None) -> pa.Table:
    """Return a table of SHOTS, of one project or of all."""
    return reader.table(statement("load/shots"), SHOTS, project_id=project_id)


@telling
def load_variants(reader: "Reader", generation_id: str) -> pa.Table:
    """Return a table of VARIANTS."""
    stored = pa.schema(list(VARIANTS)[:-3])
    return with_identities(reader.table(statement("load/variants"), stored, generation_id=generation_id))


@telling
def load_tasks(reader: "Reader", project_id: str | None) -> pa.Table:
    """Return a table of TASKS, of one project or of all."""
    return reader.table(statement("load/tasks"), TASKS, project_id=project_id)


@telling
def load_ledger(reader: "Reader", user_id: str | None) -> pa.Table:
    """Return a table of LEDGER, of one user or of all."""
    return reader.table(statement("load/ledger"), LEDGER, user_id=user_id)
