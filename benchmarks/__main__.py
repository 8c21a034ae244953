"""`make bench`: measures side by side on a server of its own; writes RESULTS.md, results.json, plots."""

import argparse
import os
from pathlib import Path
from time import perf_counter

from benchmarks.cases import CASES
from benchmarks.lab import SIZES, opened
from benchmarks.results import HERE, keep, written


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--size", choices=SIZES, default="full", help="full unless said")
    parser.add_argument(
        "--quick", action="store_const", const="quick", dest="size", help="under five minutes"
    )
    parser.add_argument("--only", choices=CASES, nargs="+", help="measure these, and keep the other results")
    parser.add_argument("--output", type=Path, default=HERE, help="the folder of the results")
    parser.add_argument("--worlds", type=Path, help="keep the server and its databases in this folder")
    options = parser.parse_args()
    with opened(SIZES[options.size], options.worlds) as lab:
        for name in options.only or CASES:
            load, started = os.getloadavg()[0], perf_counter()
            case = CASES[name](lab)
            print(f"{name}: {perf_counter() - started:.0f} s")
            made = f"size {options.size}, load average {load:.1f} at the start"
            keep(options.output, name, case, lab.cluster, made)
    written(options.output)


if __name__ == "__main__":
    main()
