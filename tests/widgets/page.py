"""The page's side of a widget, as the comm has it: every message that a view sends is kept, as JSON too."""

import json
from itertools import count

import comm
from comm.base_comm import BaseComm


class Wire(BaseComm):
    """A comm that keeps what is sent."""

    def publish_msg(self, msg_type, data=None, *, buffers=None, **_):
        self.__dict__.setdefault("sent", []).append((msg_type, data, buffers or []))


class Page:
    """A page that shows views; each of `sent` is a message and its bytes."""

    def __init__(self):
        self._ids = (f"page:{number}" for number in count())

    def messages(self, view):
        """Custom messages and their buffers, in order."""
        sent = [(data, buffers) for kind, data, buffers in view.comm.sent if kind == "comm_msg"]
        return [(data["content"], buffers) for data, buffers in sent if data["method"] == "custom"]

    def updates(self, view):
        """The updates of the state trait."""
        sent = [data for kind, data, _ in view.comm.sent if kind == "comm_msg"]
        return [data["state"] for data in sent if data["method"] == "update" and "state" in data["state"]]

    def opened(self, view):
        """The state that the page begins with."""
        return next(data["state"] for kind, data, _ in view.comm.sent if kind == "comm_open")

    def send(self, view, content):
        """Send a custom message; return what came in answer to it."""
        before = len(self.messages(view))
        data = {"method": "custom", "content": content}
        view.comm.handle_msg({"content": {"data": data}, "buffers": []})
        return self.messages(view)[before:]

    def ask(self, view, kind, **args):
        """Send a request; return the one reply, beside which there may be news."""
        content = {"id": next(self._ids), "type": kind, "args": args}
        (reply,) = [told for told, _ in self.send(view, content) if "id" in told]
        assert reply["id"] == content["id"]
        assert ("error" in reply) != reply.get("ok", False)
        return reply


def size(content):
    """How many bytes a message's content is on the wire."""
    return len(json.dumps(content, allow_nan=False, ensure_ascii=False).encode())


def installed(monkeypatch):
    """Let widgets open comms that keep what is sent."""
    monkeypatch.setattr(comm, "create_comm", Wire)
    return Page()
