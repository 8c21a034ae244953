"""A proxy before a server's socket that counts round trips: how often the client spoke after an answer."""

import os
import select
import socket
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PORT = ".s.PGSQL.5432"


class Proxy:
    def __init__(self, target: str) -> None:
        self.target = target
        self.folder = tempfile.mkdtemp()
        self.round_trips = 0
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(f"{self.folder}/{PORT}")
        self.listener.listen()
        self.done, self.wake = os.pipe()
        self.thread = threading.Thread(target=self.serve)

    def serve(self) -> None:
        pairs: dict[socket.socket, socket.socket] = {}
        clients, answered = set(), set()
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
                    answered.add(client)
                elif one in pairs:
                    self.forward(one, pairs, clients, answered)
        for one in [self.listener, *pairs]:
            one.close()

    def forward(self, one, pairs, clients, answered) -> None:
        other = pairs[one]
        said = b""
        with suppress(OSError):
            said = one.recv(1 << 16)
            other.sendall(said)
        if not said:
            for gone in (one, other):
                pairs.pop(gone)
                gone.close()
        elif one not in clients:
            answered.add(other)
        elif one in answered:
            answered.discard(one)
            self.round_trips += 1


@contextmanager
def proxied(target: str, kind: type[Proxy] = Proxy) -> Iterator[Proxy]:
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
