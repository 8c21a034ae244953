"""Lines that are not what they seem."""

from contextlib import suppress

from tests.engine.proxy import Proxy


class Pooler(Proxy):
    """Loses notifications, as a pooler does that lends its sessions for one transaction at a time."""

    def forward(self, one, pairs, clients, answered) -> None:
        if one in clients:
            super().forward(one, pairs, clients, answered)
        elif said := one.recv(1 << 16):
            if not said.startswith(b"A"):  # NotificationResponse; it comes alone to a session that is idle
                pairs[one].sendall(said)
            answered.add(pairs[one])


class Hole(Proxy):
    """Once `fell_in()`, passes nothing on the newest line any more, and says nothing of it."""

    def __init__(self, target: str) -> None:
        super().__init__(target)
        self.lines = []
        self.lost = set()

    def fall_in(self) -> None:
        self.lost |= set(self.lines[-2:])

    def forward(self, one, pairs, clients, answered) -> None:
        self.lines += [end for end in pairs if end not in self.lines]
        if one not in self.lost:
            super().forward(one, pairs, clients, answered)
            return
        with suppress(OSError):
            if one.recv(1 << 16):
                return
        other = pairs.pop(one)
        pairs.pop(other)
        one.close()
        other.close()
