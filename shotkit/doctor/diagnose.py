"""From a database to what is dangerous in it: the rules over one look, and the audits of its guards."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from shotkit import load
from shotkit.audit import guards
from shotkit.audit.catalog import LEVELS
from shotkit.doctor.diagnosis import Diagnosis
from shotkit.doctor.installed import installed
from shotkit.doctor.kinds import Danger
from shotkit.doctor.rules import danger, dangers
from shotkit.errors import ConfigurationError
from shotkit.schema.capabilities import Capabilities, look

if TYPE_CHECKING:
    from shotkit.engine import Database

__all__ = ["diagnose"]

_GUARDS = {"0071": "trigger", "0072": "shot_data_index", "0073": "primary_index", "0074": "policy"}
_EVERY_TABLES = ("0074", "disabled")  # that of the core tables; the rule looks at all tables


def diagnose(database: "Database") -> Diagnosis:
    """Look at a database: its catalogs, in three round trips, with no right but to connect."""
    if database.engine != "postgres":
        raise ConfigurationError(f"The doctor looks at a server; {database.name} is none.")
    seen = look(database)
    found, lacking = guards(database, seen.columns)
    told = [*_of_guards(found, seen), *dangers(seen)]
    told.sort(key=lambda each: (LEVELS.index(each.level), each.danger, each.where))
    return Diagnosis(
        database.name,
        database.acts_as,
        seen,
        tuple(told),
        tuple(sorted(lacking)),
        tuple(load.lacking(seen.columns)) if seen.tables else (),
        installed(),
    )


def _of_guards(found: list[dict[str, Any]], seen: Capabilities) -> Iterator[Danger]:
    for row in found:
        number, verdict = row["audit"][:4], row["verdict"]
        if (number, verdict) != _EVERY_TABLES:
            names = _names(row["key"], seen, enabled=verdict != "disabled")
            yield danger(f"{_GUARDS[number]}_{verdict}", row["key"], row["detail"], names, row["level"])


def _names(key: str, seen: Capabilities, *, enabled: bool) -> dict[str, str]:
    """Return a finding's table, and its triggers for the event that are enabled or not."""
    table, _, rest = key.partition("/")
    event = rest.partition("/")[0]
    triggers = [each for each in seen.triggers if each.table == table and event in each.events]
    return {
        "thing": next(each.written for each in seen.tables if each.name == table),
        "name": ", ".join(each.written for each in triggers if each.enabled is enabled),
    }
