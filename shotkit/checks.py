"""The half of a kit that judges its database as a whole: audits, repairs, comparisons, the doctor."""

from contextlib import closing
from typing import TYPE_CHECKING

from shotkit.engine import open_database
from shotkit.errors import ConfigurationError
from shotkit.given import as_flag, as_path

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable
    from pathlib import Path

    from shotkit.audit import Repair, Report
    from shotkit.compare import Comparison
    from shotkit.doctor import Diagnosis
    from shotkit.engine import Database

__all__ = ["Checks"]


class Checks:
    """A database and what can be asked of it as a whole."""

    def __init__(self, database: "Database") -> None:
        self.database = database

    def audit(
        self,
        only: "str | Iterable[str] | None" = None,
        *,
        jobs: int | None = None,
        progress: bool = False,
    ) -> "Report":
        """Run the audits, or `only` those named by number or name, and report what they find.

        `jobs` connections to a PostgreSQL share one snapshot and the work, for None as many as help.
        `progress` draws a bar on a terminal.
        """
        from shotkit.audit import run  # noqa: PLC0415  not before an audit runs

        progress = as_flag(progress, "progress", ConfigurationError)
        return run(self.database, only, jobs=jobs, progress=progress)

    def doctor(self) -> "Diagnosis":
        """Look at how the database is made, and tell what is dangerous in it; any user may ask."""
        from shotkit.doctor import diagnose  # noqa: PLC0415  not before the doctor is called

        return diagnose(self.database)

    def compare(self, other: "Checks | str | Path", *, progress: bool = False) -> "Comparison":
        """Say which rows of the core tables differ from those of another kit or address, or snapshot.

        `progress` draws a bar on a terminal.
        """
        from shotkit.compare import compare  # noqa: PLC0415  not before something is compared

        progress = as_flag(progress, "progress", ConfigurationError)
        if isinstance(other, Checks):
            return compare(self.database, other.database, progress=progress)
        if other is None:
            raise ConfigurationError("kit.compare() takes another kit or an address, found None.")
        with closing(open_database(other, read_only=True)) as database:
            return compare(self.database, database, progress=progress)

    def repair(
        self,
        only: "str | Iterable[str] | None" = None,
        *,
        apply: bool = False,
        undo_file: "str | os.PathLike[str] | None" = None,
    ) -> "Repair":
        """Audit, and return what would mend the findings and which have no repair; `apply` writes it.

        `only` names audits, else all that have a repair. `undo_file`, which must not be there yet, gets what
        stood there; `repair_undo` puts it back.
        """
        from shotkit.audit import REPAIRABLE, plan  # noqa: PLC0415  not before an audit runs
        from shotkit.audit import apply as write  # noqa: PLC0415

        is_applied = as_flag(apply, "apply")
        if undo_file is not None and not is_applied:
            raise ConfigurationError("An undo file is written by what is applied; give apply=True too.")
        undo_file = None if undo_file is None else as_path(undo_file, "undo file")
        report = self.audit(REPAIRABLE if only is None else only)
        return write(self.database, report, undo_file) if is_applied else plan(self.database, report)

    def repair_undo(self, undo_file: "str | os.PathLike[str]") -> "Repair":
        """Put back exactly what stood there before a repair; what changed since is refused and told."""
        from shotkit.audit import undo as put_back  # noqa: PLC0415  not before an audit runs

        return put_back(self.database, as_path(undo_file, "undo file"))
