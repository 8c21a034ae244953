"""Loading a shot over a network of 40 ms: how often it waits, counted on the way."""

import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from time import monotonic, sleep
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from benchmarks.cases.load import SAME_JOIN
from benchmarks.lab import Lab
from benchmarks.side_by_side import Aim, Case, measure
from shotkit import sql
from shotkit.kit import Kit
from shotkit.shot import Shot
from tests.proxy import FLUSH, READY, Proxy, proxied

__all__ = ["network"]

_ONE_WAY = 0.020  # seconds
_ROUNDS = 7


class Distant(Proxy):
    """A proxy on the far side of a wire: whatever it passes on arrives 20 ms later."""

    def __init__(self, target: str) -> None:
        super().__init__(target)
        self.wire: queue.Queue[tuple[float, Any, bytes] | None] = queue.Queue()
        self.carrier = threading.Thread(target=self.carry)

    def forward(self, one: Any, pairs: dict[Any, Any], clients: set[Any]) -> None:
        """Take what is said, count it, and put it on the wire."""
        other, said = pairs[one], b""
        with suppress(OSError):
            said = one.recv(1 << 16)
        if not said:
            for gone in (one, other):
                pairs.pop(gone)
                gone.close()
            return
        self.count(one, said, FLUSH if one in clients else READY)
        self.wire.put((monotonic() + _ONE_WAY, other, said))

    def carry(self) -> None:
        """Deliver in order, each when its time has come."""
        while (carried := self.wire.get()) is not None:
            due, other, said = carried
            sleep(max(0.0, due - monotonic()))
            with suppress(OSError):
                other.sendall(said)


def network(lab: Lab) -> Case:
    """Load each number of images of the smallest world from afar."""
    case = Case("Loading a shot over a network with a round trip of 40 ms")
    address = lab.conninfo(lab.load_worlds()[0])
    with (
        _distant(address) as (proxy, far),
        lab.kit(far) as kit,
        psycopg.connect(far, autocommit=True) as bare,
    ):
        for images in lab.size.images:
            _measure(kit, bare, images, min(lab.size.rounds, _ROUNDS), case)
        trips = {name: _trips(proxy, kit, lab.size.images[0], name) for name in ("images", "generations")}
    case.aims += [
        Aim.at_most("round trips of shot.images()", trips["images"], 1, ""),
        Aim.at_most("round trips of shot.generations(), both phases", trips["generations"], 2, ""),
    ]
    return case


def _measure(kit: Kit, bare: "psycopg.Connection[Any]", images: int, rounds: int, case: Case) -> None:
    first, both = kit.shot(f"images {images}"), kit.shot(f"images {images}")
    given = {"shot_id": first.id}
    phase_one, phase_two = (sql.statement(f"load/{name}").text for name in ("phase_one", "phase_two"))
    case.measured += measure(
        f"phase 1 of {images:,} images",
        {
            "limit: the same SQL by psycopg, rows dropped": lambda: bare.execute(phase_one, given).fetchall(),
            "shot.images()": lambda: _fresh(first).images(),
        },
        rounds=rounds,
    )
    case.measured += measure(
        f"both phases of {images:,} images",
        {
            "limit: one join without params by psycopg, rows dropped": lambda: bare.execute(
                SAME_JOIN.encode(), given
            ).fetchall(),
            "shot.generations()": lambda: _fresh(both).generations(),
            "both statements by psycopg, one after the other": lambda: [
                bare.execute(text, given).fetchall() for text in (phase_one, phase_two)
            ],
        },
        rounds=rounds,
    )


def _fresh(shot: Shot) -> Shot:
    shot.refresh()
    return shot


def _trips(proxy: Distant, kit: Kit, images: int, name: str) -> int:
    shot = kit.shot(f"images {images}")
    shot.refresh()
    before = proxy.round_trips
    getattr(shot, name)()
    return proxy.round_trips - before


@contextmanager
def _distant(address: str) -> Iterator[tuple[Distant, str]]:
    given = conninfo_to_dict(address)
    with proxied(str(given["host"]), Distant) as proxy:
        proxy.carrier.start()
        try:
            yield proxy, make_conninfo(address, host=proxy.folder)
        finally:
            proxy.wire.put(None)
            proxy.carrier.join()
