"""Checking rows, as several threads do it at once in a fresh interpreter."""

import subprocess
import sys

AT_ONCE = """
import threading
import time

from shotkit.model.checks import checked
from shotkit.model.tables import GENERATIONS, IMAGES, LINKS, TIMELINE, frame

def check(schema, wait):
    time.sleep(wait)
    checked(frame(schema.empty_table()), schema, "rows")

threads = [
    threading.Thread(target=check, args=(schema, 0.02 * place))
    for place, schema in enumerate((GENERATIONS, TIMELINE, LINKS, IMAGES) * 3)
]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
"""


def test_the_first_checks_of_several_threads_do_not_lock_each_other_out():
    done = subprocess.run([sys.executable, "-c", AT_ONCE], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
