"""Everything at once: all links and all generations to pandas, beside ADBC and what else reads PostgreSQL."""

from pathlib import Path
from statistics import median

from benchmarks.lab import Lab
from benchmarks.peak import peak_of
from benchmarks.side_by_side import Aim, Case, Measured, ratio
from benchmarks.worlds import World

__all__ = ["bulk"]

_LIMIT, _OURS, _PEER = "limit: ADBC to Arrow", "kit.links(), kit.generations()", "pandas.read_sql"
_WAYS = {
    _LIMIT: "adbc",
    _OURS: "kit",
    _PEER: "read_sql",
    "ADBC to Arrow, shotkit's statements: ids of 16 bytes": "bare_adbc",
    "connectorx to Arrow, shotkit's statements": "bare_connectorx",
    "psycopg to Arrow": "psycopg",
    "connectorx to Arrow": "connectorx",
    "polars.read_database_uri": "polars",
}
_ROUNDS = 3  # each in a process of its own, as its peak of memory is told
_MEGABYTE = 1 << 20
# An older DuckDB, as the packages of its postgres extension lag behind; `make bench` puts it there.
_DUCKDB = "DuckDB 1.5 and its postgres extension to Arrow"
_BESIDE = Path(__file__).parents[2] / ".venv/duckdb"
_SAID = (
    "The limit and shotkit run statements that neither sort nor count row by row on the server; shotkit "
    "sorts what has come. The limit reads ids as text, as the frames have them, shotkit 16 bytes, which it "
    "spells itself. The others run what a user writes: sorted, the variants counted in place."
)


def bulk(lab: Lab) -> Case:
    """Read all links and generations, each way in new processes, in turns."""
    generations, links = lab.size.bulk
    world = World(generations, links, params=False)
    address = lab.conninfo(world)
    case = Case(f"In bulk: {world} to pandas")
    ways = {**_WAYS, **({_DUCKDB: "duckdb"} if _BESIDE.exists() else {})}
    runs: dict[str, list[dict[str, float]]] = {name: [] for name in ways}
    for _ in range(min(lab.size.rounds, _ROUNDS)):
        for name, way in ways.items():
            runs[name].append(peak_of(way, address, beside=_BESIDE if way == "duckdb" else None))
    times = {name: median(run["seconds"] for run in found) * 1000 for name, found in runs.items()}
    case.measured = [Measured("in bulk", name, taken, taken / times[_LIMIT]) for name, taken in times.items()]
    memory = {name: median(run["peak"] for run in found) / _MEGABYTE for name, found in runs.items()}
    size = runs[_OURS][0]["bytes"] / _MEGABYTE
    case.aims = [
        Aim.at_most("in times of ADBC to Arrow", ratio(case.measured, _OURS, _LIMIT), 1.2),
        Aim.at_least("faster than pandas.read_sql", ratio(case.measured, _PEER, _OURS), 15),
        Aim.at_most("peak memory, in times of the Arrow bytes", memory[_OURS] / size, 2),
    ]
    told = ", ".join(f"{name} {peak:,.0f}" for name, peak in memory.items())
    case.notes = [
        f"Peak memory beyond the imports, in MB, of which shotkit's frames are {size:,.0f}: {told}.",
        _SAID,
    ]
    return case
