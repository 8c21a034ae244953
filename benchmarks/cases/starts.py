"""Cold starts: of the import, of the help, of an audit of the demo with the server up."""

import json
import os
import subprocess
import sys
from functools import partial

from benchmarks.lab import Lab
from benchmarks.side_by_side import Aim, Case, measure
from shotkit.demo.fill import fill
from shotkit.engine import embedded
from shotkit.kit import connect

__all__ = ["starts"]

_HEAVY = ("pandas", "duckdb", "pyarrow")
_LOADED = (
    f"import shotkit, sys, json; print(json.dumps([each for each in {_HEAVY!r} if each in sys.modules]))"
)
_ROUNDS = 11
_COMMAND = [sys.executable, "-c", "from shotkit.cli import main; main()"]


def starts(lab: Lab) -> Case:
    """Start processes of the kinds in turns."""
    case = Case("Cold starts")
    home = lab.emptied("demo")
    os.environ["SHOTKIT_HOME"] = str(home)
    try:
        with connect() as kit:
            fill(kit.database, kit.store)
        _measure(lab, case)
    finally:
        embedded.stop()
        os.environ["SHOTKIT_HOME"] = str(lab.folder)
    return case


def _measure(lab: Lab, case: Case) -> None:
    ways = {
        "python -c pass": partial(_run, sys.executable, "-c", "pass"),
        "import shotkit": partial(_run, sys.executable, "-c", "import shotkit"),
        "shotkit --help": partial(_run, *_COMMAND, "--help"),
        "shotkit audit of the demo": partial(_run, *_COMMAND, "audit"),
    }
    case.measured = measure("cold start", ways, rounds=min(lab.size.rounds, _ROUNDS))
    python, imported, helped, audited = (row.milliseconds for row in case.measured)
    loaded = json.loads(_run(sys.executable, "-c", _LOADED))
    case.aims = [
        Aim.at_most("import shotkit: beyond Python's own start", imported - python, 60, "ms"),
        Aim.at_most("import shotkit: heavy packages loaded", len(loaded), 0, "of pandas, duckdb, pyarrow"),
        Aim.at_most("shotkit --help", helped, 300, "ms"),
        Aim.at_most("shotkit audit of the demo, server up", audited, 1_500, "ms"),
    ]


def _run(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout
