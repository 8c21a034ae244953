"""Ways that run in processes of their own; each returns how many bytes, or findings, it made."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

from shotkit import sql
from shotkit.load.gallery import GalleryFilter

__all__ = ["WAYS"]

_PARAMETER = re.compile(r"%\((\w+)\)s|%%")
_SORTED = "order by l.shot_id, l.timeline_frame nulls last, l.created_at, l.id"


def _audit(address: str) -> Callable[[], int]:
    from shotkit.audit import run  # noqa: PLC0415  each process imports what its own way needs
    from shotkit.engine import open_database  # noqa: PLC0415

    database = open_database(address)
    return lambda: len(run(database, "0001").findings)


def _snapshot(address: str, folder: str) -> Callable[[], int]:
    from shotkit.engine import open_database  # noqa: PLC0415
    from shotkit.snapshot import take  # noqa: PLC0415

    database = open_database(address)
    return lambda: take(database, folder).bytes


def _bare_texts() -> list[str]:
    """Return the two statements of shotkit's bulk read, which leave sorting to the client."""
    return [_literal("links"), _literal("all_generations")]


def _plain_texts() -> list[str]:
    """Return the same with ids as text, as a frame has them."""
    return [text.replace("::uuid as ", "::text as ") for text in _bare_texts()]


def _texts() -> list[str]:
    """Return two statements for the same rows as a user writes them: sorted, variants counted in place."""
    links, _ = _plain_texts()
    return [f"{links} {_SORTED}", _literal("gallery")]


def _literal(name: str) -> str:
    given = {**GalleryFilter().parameters(), "project_id": None}

    def literal(found: re.Match[str]) -> str:
        if not found[1]:
            return "%"
        return "null" if given[found[1]] is None else str(given[found[1]]).lower()

    return _PARAMETER.sub(literal, sql.statement(f"load/{name}").text)


def _kit(address: str) -> Callable[[], int]:
    import shotkit  # noqa: PLC0415

    kit = shotkit.connect(address)
    kit.generations(starred=True)  # there is none; what it needs is imported

    def run() -> int:
        frames = [kit.links(), kit.generations()]
        return sum(column.array._pa_array.nbytes for frame in frames for _, column in frame.items())  # noqa: SLF001  the bytes as Arrow counts them

    return run


def _adbc(address: str, texts: Callable[[], list[str]] = _plain_texts) -> Callable[[], int]:
    import adbc_driver_postgresql.dbapi as adbc  # noqa: PLC0415
    from psycopg.conninfo import conninfo_to_dict  # noqa: PLC0415

    given = conninfo_to_dict(address)
    connection = adbc.connect(" ".join(f"{name}={value}" for name, value in given.items() if value))

    def run() -> int:
        tables = []
        for text in texts():
            with connection.cursor() as cursor:
                cursor.execute(text)
                tables.append(cursor.fetch_arrow_table())
        return sum(table.nbytes for table in tables)

    return run


def _bare_adbc(address: str) -> Callable[[], int]:
    return _adbc(address, _bare_texts)


def _read_sql(address: str) -> Callable[[], int]:
    import pandas as pd  # noqa: PLC0415
    import psycopg  # noqa: PLC0415
    from sqlalchemy import create_engine, text  # noqa: PLC0415

    engine = create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(address))

    def run() -> int:
        frames = [pd.read_sql(text(each.replace(":", "\\:")), engine) for each in _texts()]
        return sum(len(frame) for frame in frames)

    return run


def _psycopg(address: str) -> Callable[[], int]:
    import psycopg  # noqa: PLC0415
    import pyarrow as pa  # noqa: PLC0415

    connection = psycopg.connect(address)

    def run() -> int:
        tables = []
        for each in _texts():
            cursor = connection.execute(each.encode())
            names = [column.name for column in cursor.description or ()]
            columns = zip(*cursor.fetchall(), strict=True)
            tables.append(
                pa.table({name: pa.array(column) for name, column in zip(names, columns, strict=True)})
            )
        return sum(table.nbytes for table in tables)

    return run


def _url(address: str) -> str:
    from psycopg.conninfo import conninfo_to_dict  # noqa: PLC0415

    given: dict[str, Any] = dict(conninfo_to_dict(address))
    return f"postgresql://{given['user']}@{quote(given['host'], safe='')}:{given['port']}/{given['dbname']}"


def _connectorx(address: str, texts: Callable[[], list[str]] = _texts) -> Callable[[], int]:
    import connectorx  # noqa: PLC0415

    return lambda: sum(
        connectorx.read_sql(_url(address), each, return_type="arrow").nbytes for each in texts()
    )


def _bare_connectorx(address: str) -> Callable[[], int]:
    return _connectorx(address, _bare_texts)


def _polars(address: str) -> Callable[[], int]:
    import polars as pl  # noqa: PLC0415

    return lambda: int(sum(pl.read_database_uri(each, _url(address)).estimated_size() for each in _texts()))


def _duckdb(address: str) -> Callable[[], int]:
    import duckdb  # noqa: PLC0415
    import duckdb_extension_postgres_scanner as beside  # noqa: PLC0415

    connection = duckdb.connect()
    extension = next(Path(beside.__path__[0]).rglob("*.duckdb_extension"))
    connection.load_extension(str(extension))
    where, *texts = [each.replace("'", "''") for each in (address, *_texts())]
    connection.execute(f"attach '{where}' as server (type postgres, read_only)")

    def run() -> int:
        read = [f"select * from postgres_query('server', '{each}')" for each in texts]  # noqa: S608  quoted above
        return sum(connection.execute(each).to_arrow_table().nbytes for each in read)

    return run


WAYS: dict[str, Callable[..., Callable[[], int]]] = {
    "adbc": _adbc,
    "audit": _audit,
    "bare_adbc": _bare_adbc,
    "bare_connectorx": _bare_connectorx,
    "connectorx": _connectorx,
    "duckdb": _duckdb,
    "kit": _kit,
    "polars": _polars,
    "psycopg": _psycopg,
    "read_sql": _read_sql,
    "snapshot": _snapshot,
}
