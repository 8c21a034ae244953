"""Views in a real kernel: they live while their cell shows them, answer, and tell news from any thread."""

import pytest
from jupyter_client.manager import start_new_kernel

WAIT = 60  # seconds; nothing here takes one
SETUP = """
import gc, threading
from IPython.display import display
from shotkit.widgets import Timeline
from shotkit.widgets.base import View
from tests.widgets.fake import FakeShot
shot = FakeShot()
def living():
    gc.collect()
    return sum(issubclass(type(each), View) for each in gc.get_objects())  # ipywidgets lists proxies
"""


class Notebook:
    """A page's side of a kernel: runs cells, sends requests, keeps what comes back."""

    def __init__(self, client):
        self.client = client

    def run(self, cell, code):
        content = {"code": code, "silent": False, "store_history": True, "allow_stdin": False}
        told = self._send("execute_request", content, {"cellId": cell})
        assert not [each["content"] for each in told if each["msg_type"] == "error"]
        return told

    def value(self, code):
        told = self.run("asks", f"print({code})")
        return "".join(each["content"]["text"] for each in told if each["msg_type"] == "stream").strip()

    def ask(self, view, kind, **args):
        content = {"id": "page:1", "type": kind, "args": args}
        return self.custom(
            self._send("comm_msg", {"comm_id": view, "data": {"method": "custom", "content": content}}, {})
        )

    def custom(self, told):
        """The custom messages in what came back."""
        sent = [each["content"]["data"] for each in told if each["msg_type"] == "comm_msg"]
        return [data["content"] for data in sent if data["method"] == "custom"]

    def view(self, told):
        """The id of the view that a cell opened."""
        opened = [each["content"] for each in told if each["msg_type"] == "comm_open"]
        return next(each["comm_id"] for each in opened if "_esm" in each["data"]["state"])

    def _send(self, kind, content, metadata):
        message = self.client.session.msg(kind, content, metadata=metadata)
        self.client.shell_channel.send(message)
        told = []
        while True:
            each = self.client.get_iopub_msg(timeout=WAIT)
            told.append(each)
            ours = each["parent_header"].get("msg_id") == message["header"]["msg_id"]
            if ours and each["content"].get("execution_state") == "idle":
                return told


@pytest.fixture(scope="module")
def kernel():
    manager, client = start_new_kernel(kernel_name="python3")
    made = Notebook(client)
    made.run("setup", SETUP)
    yield made
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def test_a_view_that_nobody_holds_lives_until_its_cell_runs_again(kernel):
    kernel.run("one", "display(Timeline(shot))")
    kernel.run("two", "display(Timeline(shot))")
    assert kernel.value("living(), len(shot.watching)") == "2 2"
    for _ in range(3):
        kernel.run("one", "display(Timeline(shot))")
    assert kernel.value("living(), len(shot.watching)") == "2 2"


def test_a_view_that_the_kernel_remembers_as_a_cells_value_watches_no_more(kernel):
    for _ in range(3):
        kernel.run("value", "Timeline(shot)")
    before = int(kernel.value("len(shot.watching)"))
    kernel.run("value", "pass")
    kernel.run("value", "Timeline(shot)")
    assert int(kernel.value("len(shot.watching)")) == before


def test_a_page_asks_and_hears_of_what_another_thread_changed(kernel):
    view = kernel.view(kernel.run("three", "display(Timeline(shot)); shot.read_links()"))
    (reply,) = kernel.ask(view, "whole")
    assert (reply["id"], reply["ok"], reply["state"]["phase"]) == ("page:1", True, 2)
    told = kernel.custom(
        kernel.run(
            "four",
            "shot.frames[shot.ids[0]] = 5\n"
            "thread = threading.Thread(target=shot.changed); thread.start(); thread.join()",
        )
    )
    assert [each["news"]["changed"] for each in told][-1].popitem()[1] == {"timeline_frame": 5}
    (refused,) = kernel.ask(view, "move", id="nobody", frame=1, version=reply["state"]["version"])
    assert refused["error"]["kind"] == "StaleShotError"
