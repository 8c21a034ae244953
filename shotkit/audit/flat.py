"""Sets a statement over the relations of sql/flat/, the only text of the audits that differs by engine."""

from shotkit import sql

__all__ = ["over_flat"]


def over_flat(path: str, engine: str = "postgres") -> sql.Statement:
    """Return the statement at `path`, written over the flat relations, with those of `engine` before it."""
    over = sql.statement(path)
    text = "\n".join(("with", sql.text(f"flat/{engine}"), "select * from (", over.text, ") as over_flat"))
    return sql.Statement(over.path, over.purpose, over.head, over.parameters, text)
