"""What the doctor found: the facts and the dangers, as text, as a page, as JSON."""

import html
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from shotkit import __version__
from shotkit.audit.catalog import LEVELS
from shotkit.doctor.kinds import Danger
from shotkit.load import words
from shotkit.plain import clean
from shotkit.schema.capabilities import Capabilities

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Diagnosis"]

COLUMNS = ("level", "danger", "where", "found", "why", "way_out")


@dataclass(frozen=True, repr=False)
class Diagnosis:
    """What one look at a database found.

    `lacking` has the columns, as (table, column), for want of which its guards could not all be judged,
    `unloadable` those, or (table, None), for want of which not all can be loaded, `installed` the versions
    of the optional packages on this side.
    """

    database: str
    acts_as: str
    capabilities: Capabilities
    dangers: tuple[Danger, ...]
    lacking: tuple[tuple[str, str], ...]
    unloadable: tuple[tuple[str, str | None], ...]
    installed: dict[str, str | None]

    @property
    def ok(self) -> bool:
        """Whether all could be judged and nothing is an error or a warning."""
        return not self.lacking and all(danger.level == "info" for danger in self.dangers)

    @property
    def findings(self) -> "pd.DataFrame":
        """The dangers as a frame: level, danger, where, found, why, way_out; `string[pyarrow]`."""
        import pandas as pd  # noqa: PLC0415  not before somebody asks
        import pyarrow as pa  # noqa: PLC0415

        schema = pa.schema([(name, pa.string()) for name in COLUMNS])
        rows = [asdict(danger) for danger in self.dangers]
        frame: pd.DataFrame = pa.Table.from_pylist(rows, schema).to_pandas(types_mapper=pd.ArrowDtype)
        return frame

    def to_json(self) -> str:
        """Return the diagnosis as JSON text, in ASCII: what there is, then what is dangerous."""
        document = {
            "schema": 1,
            "shotkit": __version__,
            "database": self.database,
            "acts_as": self.acts_as,
            "installed": self.installed,
            "capabilities": asdict(self.capabilities),
            "lacking": [f"{table}.{column}" for table, column in self.lacking],
            "unloadable": [f"{table}.{column or '*'}" for table, column in self.unloadable],
            "dangers": [{"key": danger.key} | asdict(danger) for danger in self.dangers],
        }
        return json.dumps(document, indent=1)

    def __repr__(self) -> str:
        return "\n".join(map(clean, self._lines()))

    def _repr_html_(self) -> str:
        table = f"<table><thead><tr>{_cells('th', COLUMNS)}</tr></thead><tbody>{self._body()}</tbody></table>"
        facts = html.escape("\n".join(map(clean, self._facts())))
        return f"<pre>{facts}</pre>{table if self.dangers else ''}"

    def _body(self) -> str:
        rows = ([getattr(danger, name) for name in COLUMNS] for danger in self.dangers)
        return "".join(f"<tr>{_cells('td', row)}</tr>" for row in rows)

    def _lines(self) -> Iterator[str]:
        yield from self._facts()
        for (level, kind, why), found in groupby(
            self.dangers, key=lambda each: (each.level, each.danger, each.why)
        ):
            yield f"{level} {kind}: {why}"
            for danger in found:
                yield f"    {danger.where}: {danger.found}"
                yield f"        way out: {danger.way_out}"

    def _facts(self) -> Iterator[str]:
        seen = self.capabilities
        yield f"<Diagnosis: {self._counted()}>"
        yield f"database: {self.database}"
        yield f"server: PostgreSQL {seen.server_version}{', a standby' * seen.is_standby}; {_pooled(seen)}"
        yield f"user: {seen.role}{_rights(seen)}"
        yield f"shot_data: {', '.join(seen.shapes) or 'no entry that this user may see'}"
        yield "here: " + ", ".join(
            f"{name} {found or 'is not installed'}" for name, found in self.installed.items()
        )
        numbers = {name: len(getattr(seen, name)) for name in _COUNTED}
        yield "public: " + ", ".join(f"{number} {name}" for name, number in numbers.items())
        if self.lacking:
            columns = ", ".join(f"{table}.{column}" for table, column in self.lacking)
            yield f"not judged, for the database has none: {columns}"
        if self.unloadable:
            yield f"not all can be loaded, for the database has none: {words(self.unloadable)}"

    def _counted(self) -> str:
        found = Counter[str](danger.level for danger in self.dangers)
        said = [f"{found[level]} {level}{'s' * (found[level] > 1)}" for level in LEVELS if found[level]]
        if not self.capabilities.tables:
            return ", ".join([*said, "no tables in public, so that nothing was judged"])
        partly = ", but not all was judged" if self.lacking else ""
        return (", ".join(said) or "nothing dangerous found") + partly


_COUNTED = ("tables", "triggers", "functions", "policies", "indexes")


def _pooled(seen: Capabilities) -> str:
    return "through a pooler" if seen.is_pooled else "no pooler in between"


def _rights(seen: Capabilities) -> str:
    if seen.is_superuser:
        return ", a superuser: row level security is not for it"
    return ", past row level security" if seen.bypasses_row_security else ""


def _cells(tag: str, texts: "tuple[str, ...] | list[str]") -> str:
    return "".join(f"<{tag}>{html.escape(clean(text))}</{tag}>" for text in texts)
