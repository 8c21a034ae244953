"""A client that turns the order of a shot round until it is killed; takes the address and the shot."""

import sys

from shotkit.engine import Database
from shotkit.mutate import Normalize, Reorder, apply


def main(conninfo: str, shot: str) -> None:
    database = Database(conninfo)
    while True:
        order = list(apply(database, shot, Normalize(), dry_run=True).frames_before)
        apply(database, shot, Reorder(tuple(reversed(order))))
        print(flush=True)  # noqa: T201  the sign that it has begun


if __name__ == "__main__":
    main(*sys.argv[1:])
