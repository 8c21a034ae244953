"""What goes over the websocket between the page and the kernel, counted."""

import json
import struct
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import WebSocket

__all__ = ["Message", "Wire"]


@dataclass(frozen=True)
class Message:
    """One message of a widget's comm: which way it went, its size on the wire in bytes, its content."""

    sent: bool
    size: int
    content: dict[str, Any]


class Wire:
    """The custom messages of the widgets, in order, from when it is made."""

    def __init__(self) -> None:
        self.messages: list[Message] = []

    def listen(self, socket: WebSocket) -> None:
        """Count what goes over a socket from now on."""
        socket.on("framesent", lambda frame: self._take(frame, sent=True))
        socket.on("framereceived", lambda frame: self._take(frame, sent=False))

    def clear(self) -> None:
        """Forget what was counted."""
        self.messages.clear()

    @property
    def proposals(self) -> list[Message]:
        """What the page asked of Python, pictures apart."""
        return [
            message for message in self.messages if message.sent and message.content["type"] != "pictures"
        ]

    def replies(self, proposal: Message) -> list[Message]:
        """Return what Python answered to a proposal."""
        return [
            message
            for message in self.messages
            if not message.sent and message.content.get("id") == proposal.content["id"]
        ]

    def _take(self, frame: str | bytes, *, sent: bool) -> None:
        header, content = _parts(frame)
        data = content.get("data", {})
        if header.get("msg_type") == "comm_msg" and data.get("method") == "custom":
            self.messages.append(Message(sent, len(frame), data["content"]))


def _parts(frame: str | bytes) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the header and the content of a kernel message in the binary protocol of Jupyter, v1."""
    if isinstance(frame, str) or len(frame) < 16:
        return {}, {}
    (count,) = struct.unpack_from("<Q", frame)
    bounds = struct.unpack_from(f"<{count}Q", frame, 8)
    header, _, _, content = (json.loads(frame[bounds[part] : bounds[part + 1]]) for part in range(1, 5))
    return header, content
