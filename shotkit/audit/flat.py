"""Sets a statement over the relations of sql/flat/, the only text of the audits that differs by engine."""

from shotkit import sql

__all__ = ["ENGINE", "over_flat"]

ENGINE = "postgres"


def over_flat(path: str) -> sql.Statement:
    """Return the statement at `path`, written over the flat relations, with those before it."""
    over = sql.statement(path)
    text = "\n".join(("with", sql.text(f"flat/{ENGINE}"), "select * from (", over.text, ") as over_flat"))
    return sql.Statement(over.path, over.purpose, over.head, over.parameters, text)
