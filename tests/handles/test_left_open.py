"""A kit that nobody closes goes quietly, at the end of the process or with its last handle."""

import gc
import os
import subprocess
import sys
import warnings

import psycopg
import pytest

from shotkit.engine import Database

LEAVES_IT_OPEN = """
import sys
import shotkit

kit = shotkit.connect(sys.argv[1])
shot = kit.shot(sys.argv[2])
shot.timeline()
heard = []
observer = shot.observe(heard.append)  # not print: what is told late would stand behind the last line
shot.move(shot.links()["id"].iloc[0], 20)
history = kit.history()
print("done", flush=True)
"""


@pytest.mark.parametrize("ending", ["", "raise KeyboardInterrupt"])
def test_a_process_that_never_closes_its_kit_says_nothing_of_it(stage, database, tmp_path, ending):
    stage.links(0, 40)
    ran = subprocess.run(
        [sys.executable, "-X", "dev", "-c", LEAVES_IT_OPEN + ending, database, stage.shot_id],
        env={**os.environ, "SHOTKIT_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert ran.stdout == "done\n"
    assert "Warning" not in ran.stderr
    assert "Error" not in ran.stderr
    assert ran.stderr.count("Traceback") == bool(ending)


def test_a_database_that_nobody_holds_closes_its_connections(database):
    opened = Database(database)
    opened.verify()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        del opened
        gc.collect()
    with psycopg.connect(database) as connection:
        left = "select count(*) from pg_stat_activity where datname = current_database()"
        [count] = connection.execute(f"{left} and application_name = 'shotkit'").fetchone()
    assert count == 0
