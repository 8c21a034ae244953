"""Peak memory: of one way in a process of its own, of the server by looking again and again."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any, Self

__all__ = ["Sampled", "peak_of"]

_ROOT = Path(__file__).parents[1]
_PAUSE = 0.02  # seconds


def peak_of(way: str, *given: str, beside: Path | None = None) -> dict[str, Any]:
    """Run a way of WAYS in a new process; return `seconds`, `peak` (bytes beyond the imports) and `bytes`.

    What is `beside` is imported rather than what is installed.
    """
    command = [sys.executable, "-m", "benchmarks.peak", way, *given]
    places = os.environ | ({"PYTHONPATH": str(beside)} if beside else {})
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=_ROOT, env=places)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


class Sampled:
    """Looks again and again how much there is, in the background; `most` is the most it saw."""

    def __init__(self, look: Callable[[], int]) -> None:
        self.most = 0
        self._look = look
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._done.wait(_PAUSE):
            self.most = max(self.most, self._look())


def _memory(what: str) -> int:
    lines = Path("/proc/self/status").read_text("utf-8").splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith(f"{what}:"))) * 1024


def _main(way: str, *given: str) -> None:
    from benchmarks.ways import WAYS  # noqa: PLC0415  the parent needs none of what the ways import

    run = WAYS[way](*given)
    Path("/proc/self/clear_refs").write_text("5")  # forget the peak of the imports
    before = _memory("VmRSS")
    started = perf_counter()
    size = run()
    seconds = perf_counter() - started
    print(json.dumps({"seconds": seconds, "peak": _memory("VmHWM") - before, "bytes": size}))


if __name__ == "__main__":
    _main(*sys.argv[1:])
