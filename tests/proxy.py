"""A proxy before a server's socket that counts round trips, and kinds of it that lose what is said."""

import os
import select
import socket
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PORT = ".s.PGSQL.5432"
READY = b"Z\0\0\0\5"  # the server has answered all
FLUSH = b"\0\0\0\0\0H\0\0\0\4"  # the client waits in mid-pipeline, behind a statement and not at the end
CUTS = (["before"], ["after"], ["late"], ["before", "before", "after"], ["late", "before"])
LOCKS = (b"-- lock_shot:", b"-- lock_generation:", b"-- lock_project:")


class Proxy:
    """Counts how often the client waits: a pipeline that it sends in pieces is one round trip."""

    def __init__(self, target: str) -> None:
        self.target = target
        self.folder = tempfile.mkdtemp()
        self.round_trips = 0
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(f"{self.folder}/{PORT}")
        self.listener.listen()
        self.done, self.wake = os.pipe()
        self.ends: dict[socket.socket, bytes] = {}
        self.thread = threading.Thread(target=self.serve)

    def serve(self) -> None:
        pairs: dict[socket.socket, socket.socket] = {}
        clients = set()
        while True:
            ready = select.select([self.done, self.listener, *pairs], [], [])[0]
            if self.done in ready:
                break
            for one in ready:
                if one is self.listener:
                    client, server = one.accept()[0], socket.socket(socket.AF_UNIX)
                    server.connect(f"{self.target}/{PORT}")
                    pairs |= {client: server, server: client}
                    clients.add(client)
                elif one in pairs:
                    self.forward(one, pairs, clients)
        for one in [self.listener, *pairs]:
            one.close()

    def forward(self, one, pairs, clients) -> None:
        other = pairs[one]
        said = b""
        with suppress(OSError):
            said = one.recv(1 << 16)
            self.count(one, said, FLUSH if one in clients else READY)
            other.sendall(said)
        if not said:
            for gone in (one, other):
                pairs.pop(gone)
                gone.close()

    def count(self, one, said, mark) -> None:
        end = self.ends.get(one, b"")  # a mark may come in two pieces
        self.round_trips += (end + said).count(mark)
        self.ends[one] = (end + said)[1 - len(mark) :]


class Cutter(Proxy):
    """Loses the connection at the next COMMIT for each of `cuts`.

    `before`: the server never hears of it. `after`: it does, its answer is lost. `late`: it hears of it only
    when the client, back again, asks for the lock.
    """

    def __init__(self, target: str) -> None:
        super().__init__(target)
        self.cuts: list[str] = []
        self.late = []

    def forward(self, one, pairs, clients) -> None:
        said = b""
        with suppress(OSError):
            said = one.recv(1 << 16, socket.MSG_PEEK)
        if one in clients and b"COMMIT\0" in said and self.cuts:
            self.cut(self.cuts.pop(0), one, pairs)
            return
        super().forward(one, pairs, clients)
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
            client.shutdown(socket.SHUT_RDWR)
        client.close()


class Pooler(Proxy):
    """Loses notifications, as a pooler does that lends its sessions for one transaction at a time."""

    def forward(self, one, pairs, clients) -> None:
        if one in clients:
            super().forward(one, pairs, clients)
            return
        said = one.recv(1 << 16)
        if not said.startswith(b"A"):  # NotificationResponse; it comes alone to a session that is idle
            pairs[one].sendall(said)


class Renumbered(Proxy):
    """Tells its client another number of the session, as a pooler does that has one for each client."""

    def forward(self, one, pairs, clients) -> None:
        if one in clients or not (said := one.recv(1 << 16)):
            super().forward(one, pairs, clients)
            return
        key = said.find(b"K\0\0\0")  # BackendKeyData: its length, then the number
        if key >= 0 and said.rfind(b"Z\0\0\0\5") > key:
            said = said[: key + 5] + bytes([said[key + 5] ^ 1]) + said[key + 6 :]
        pairs[one].sendall(said)


class Halves(Proxy):
    """While `held` is a list, keeps in it what ends each answer of the server."""

    held: list | None = None

    def forward(self, one, pairs, clients) -> None:
        if one in clients or self.held is None:
            super().forward(one, pairs, clients)
            return
        said = one.recv(1 << 16)
        self.held.append((pairs[one], said[len(said.split(READY)[0]) :]))
        pairs[one].sendall(said.split(READY)[0])

    def release(self) -> None:
        held, self.held = self.held, None
        for client, rest in held:
            client.sendall(rest)


class Hole(Proxy):
    """Once `fall_in()`, passes nothing on the newest line any more, and says nothing of it."""

    def __init__(self, target: str) -> None:
        super().__init__(target)
        self.lines = []
        self.lost = set()

    def fall_in(self) -> None:
        self.lost |= set(self.lines[-2:])

    def forward(self, one, pairs, clients) -> None:
        self.lines += [end for end in pairs if end not in self.lines]
        if one not in self.lost:
            super().forward(one, pairs, clients)
            return
        with suppress(OSError):
            if one.recv(1 << 16):
                return
        other = pairs.pop(one)
        pairs.pop(other)
        one.close()
        other.close()


@contextmanager
def proxied(target: str, kind: type[Proxy] = Proxy) -> Iterator[Proxy]:
    """Stand before the server of the socket folder `target` while the block runs."""
    proxy = kind(target)
    proxy.thread.start()
    try:
        yield proxy
    finally:
        os.write(proxy.wake, b".")
        proxy.thread.join()
        for end in (proxy.done, proxy.wake):
            os.close(end)
        Path(proxy.folder, PORT).unlink()
        Path(proxy.folder).rmdir()
