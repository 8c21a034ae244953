"""Supabase's own migrations: which were applied, and shotkit's written as such."""

from pathlib import Path
from typing import TYPE_CHECKING

from shotkit import sql
from shotkit.errors import ConfigurationError, SchemaMismatchError
from shotkit.schema.migrations import Migration, checksum, packaged

if TYPE_CHECKING:
    from shotkit.engine import Database

__all__ = ["applied", "write"]

_FIRST = (
    20260101000000  # a version looks like a moment; with a migration's own number behind it, it is stable
)


def applied(database: "Database") -> list[Migration]:
    """Return the migrations that Supabase has applied here, in order; none where it keeps no list."""
    try:
        rows = database.rows(sql.statement("schema/supabase_applied"))
    except SchemaMismatchError:  # no such table: Supabase has not been at work here
        return []
    return [_migration(row["version"], row["name"]) for row in rows]


def write(folder: str | Path) -> list[Path]:
    """Write shotkit's migrations to `folder` as Supabase's, and return the files that are new.

    Each also notes itself in shotkit.migrations, so that `db status` and `db push` know of it. A file that is
    there and says something else is refused.
    """
    folder = Path(folder)
    texts = {folder / _file_name(number): _text(number) for number in packaged()}
    for file, text in texts.items():
        if file.exists() and file.read_text("utf-8") != text:
            raise ConfigurationError(
                f"{file} is there and is not what shotkit would write; move it away, or name another folder."
            )
    new = [file for file in texts if not file.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file in new:
            file.write_text(texts[file], "utf-8")
    except OSError as error:
        raise ConfigurationError(
            f"Cannot write to {folder}: {error.strerror}. Name another folder."
        ) from error
    return new


def _migration(version: str, name: str | None) -> Migration:
    number = int(version) if version.isdecimal() else 0
    return Migration(number, f"{version}_{name or ''}".rstrip("_"), "applied", keeper="supabase")


def _file_name(number: int) -> str:
    return f"{_FIRST + number}_shotkit_{packaged()[number].name}.sql"


def _text(number: int) -> str:
    statement = packaged()[number]
    books = sql.text("schema/bookkeeping") if number == min(packaged()) else ""
    # Name and checksum are our own, of letters and digits.
    note = (
        "insert into shotkit.migrations (number, name, checksum) "  # noqa: S608  see above
        f"values ({number}, '{statement.name}', '{checksum(statement)}');\n"
    )
    return "\n".join(filter(None, [books, statement.text.rstrip("\n") + "\n", note]))
