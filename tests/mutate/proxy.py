"""A proxy that loses the connection in mid-commit: before the server hears of it, after, or long before."""

from contextlib import suppress
from socket import MSG_PEEK, SHUT_RDWR

from tests.engine.proxy import Proxy

CUTS = (["before"], ["after"], ["late"], ["before", "before", "after"], ["late", "before"])
LOCKS = (b"-- lock_shot:", b"-- lock_generation:", b"-- lock_project:")


class Cutter(Proxy):
    """Cuts at the next COMMIT for each of `cuts`.

    `before`: the server never hears of it. `after`: it does, its answer is lost. `late`: it hears of it only
    when the client, back again, asks for the lock.
    """

    def __init__(self, target: str) -> None:
        super().__init__(target)
        self.cuts: list[str] = []
        self.late = []

    def forward(self, one, pairs, clients, answered) -> None:
        said = b""
        with suppress(OSError):
            said = one.recv(1 << 16, MSG_PEEK)
        if one in clients and b"COMMIT\0" in said and self.cuts:
            self.cut(self.cuts.pop(0), one, pairs)
            return
        super().forward(one, pairs, clients, answered)
        if one in clients and any(lock in said for lock in LOCKS):
            while self.late:
                server, commit = self.late.pop()
                server.sendall(commit)
                server.close()

    def cut(self, how, client, pairs) -> None:
        server, commit = pairs.pop(client), client.recv(1 << 16)
        pairs.pop(server)
        if how == "late":
            self.late.append((server, commit))
        else:
            if how == "after":
                server.sendall(commit)
                server.recv(1 << 16)  # it is stored
            server.close()
        with suppress(OSError):
            client.shutdown(SHUT_RDWR)
        client.close()
