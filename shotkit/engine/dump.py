"""The schema of a database as text, by the wheel's pg_dump, and back by its psql."""

import os
import re
import subprocess
from pathlib import Path
from typing import Any

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from shotkit.engine.cluster import bundled_binaries
from shotkit.errors import CouldNotCompleteError

__all__ = ["dump_schema", "restore_schema"]

_DUMP = (
    "--schema-only", "--schema=public", "--no-owner", "--no-publications", "--no-subscriptions",
    "--no-security-labels", "--no-tablespaces", "--lock-wait-timeout=10s",
)  # fmt: skip
_BARE = ("--no-privileges", "--no-comments")
_SAID = re.compile(r"(?:error|ERROR|FATAL):\s+(.*)")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")


def dump_schema(conninfo: str, *, bare: bool = True) -> str:
    """Return the statements that make the schema public: no rows and owners; nothing is written.

    Where it is `bare`, there are no rights and comments either.
    """
    done = _run("pg_dump", conninfo, *_DUMP, *(_BARE if bare else ()))
    if done.returncode:
        raise CouldNotCompleteError(
            f"pg_dump could not read the schema: {_said(done.stderr)[0]}. Way out: connect as the owner "
            "of the tables, or as a role that may select from all of them, and past any transaction pooler."
        )
    return done.stdout


def restore_schema(conninfo: str, statements: str) -> list[str]:
    """Run what dump_schema returned in a database that has a schema public; return what was refused."""
    text = re.sub(r"^CREATE SCHEMA public;$", "", statements, flags=re.MULTILINE)
    done = _run("psql", conninfo, "--no-psqlrc", "--quiet", "--file=-", text=text)
    return _said(done.stderr) if "ERROR" in done.stderr else []


def _run(
    tool: str, conninfo: str, *options: str, text: str | None = None
) -> "subprocess.CompletedProcess[str]":
    parts: dict[str, Any] = conninfo_to_dict(conninfo)
    # Arguments can be read by everyone on the machine.
    secret = {"PGPASSWORD": password} if (password := parts.pop("password", None)) else {}
    own = {"PGOPTIONS": os.environ.get("PGOPTIONS", ""), "PGCONNECT_TIMEOUT": "10", "LC_ALL": "C"}
    return subprocess.run(
        [Path(bundled_binaries(), tool), *options, f"--dbname={make_conninfo(**parts)}"],
        check=False,
        input=text or "",
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        env=os.environ | own | secret | {"PGCLIENTENCODING": "UTF8"},
    )


def _said(output: str) -> list[str]:
    return [_CONTROL.sub(" ", said).strip() for said in _SAID.findall(output)] or ["it said nothing"]
