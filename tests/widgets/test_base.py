import gc
import json
import threading
import weakref

import pytest

from shotkit.errors import ConfigurationError
from shotkit.widgets import lifetime
from shotkit.widgets.base import View
from shotkit.widgets.messages import Reply
from shotkit.widgets.pictures import Picture
from shotkit.widgets.requests import answer


class Watch:
    def __init__(self):
        self.ended = False

    def unsubscribe(self):
        self.ended = True


class Sample(View):
    def __init__(self, text="", *, mode="strip", pictures=None, **unknown):
        self.watches = []
        super().__init__(state={"text": text, "mode": mode}, pictures=pictures, unknown=unknown)

    def _observe(self):
        self.watches.append(Watch())
        return self.watches[-1:]

    @answer
    def double(self, *, number):
        return {"number": number * 2}

    @answer
    def nothing(self):
        return None

    @answer
    def raises(self, *, error):
        raise error

    @answer
    def unsendable(self):
        return {"thing": object()}

    @answer
    def bytes_too(self):
        return Reply({"length": 3}, [b"abc"])

    def not_a_request(self):
        raise AssertionError


@pytest.fixture
def view(page):
    return Sample("hello")


def test_the_state_is_there_when_the_page_opens_the_view(page, view):
    assert page.opened(view)["state"] == {"text": "hello", "mode": "strip"}


def test_a_request_gets_one_reply(page, view):
    assert page.ask(view, "double", number=21) == {"id": "page:0", "ok": True, "number": 42}
    assert page.ask(view, "nothing") == {"id": "page:1", "ok": True}
    assert view.last_error is None


def test_bytes_travel_beside_the_reply(page, view):
    ((content, buffers),) = page.send(view, {"id": "a", "type": "bytes_too"})
    assert content == {"id": "a", "ok": True, "length": 3}
    assert buffers == [b"abc"]


@pytest.mark.parametrize(
    "error", [ValueError("no"), ConfigurationError("wrong"), RecursionError(), AssertionError("odd")]
)
def test_an_error_is_the_one_reply_and_is_kept(page, view, error):
    reply = page.ask(view, "raises", error=error)
    assert reply["error"]["kind"] == type(error).__name__
    assert view.last_error is error
    json.dumps(reply)


@pytest.mark.parametrize("error", [KeyboardInterrupt(), SystemExit(1), GeneratorExit()])
def test_an_interrupt_is_told_and_then_raised(page, view, error):
    with pytest.raises(type(error)):
        page.ask(view, "raises", error=error)
    (reply,) = [content for content, _ in page.messages(view)]
    assert reply == {
        "id": "page:0",
        "error": {"kind": type(error).__name__, "message": reply["error"]["message"]},
    }


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ({"id": "a", "type": "dubble"}, "did you mean 'double'"),
        ({"id": "a", "type": "not_a_request"}, "No request is called"),
        ({"id": "a", "type": "__init__"}, "No request is called"),
        ({"id": "a", "type": ["double"]}, "No request is called"),
        ({"id": "a"}, "No request is called 'None'"),
        ({"id": "a", "type": "double"}, "number"),
        ({"id": "a", "type": "double", "args": {"number": 1, "self": 2}}, "self"),
        ({"id": "a", "type": "double", "args": [1]}, "are an object"),
        ({"id": "a", "type": "double", "args": {"number": {}}}, "unsupported operand"),
        ({"id": "a", "type": "unsendable"}, "cannot be told a object"),
    ],
)
def test_a_malformed_request_is_refused_by_its_one_reply(page, view, content, says):
    ((reply, _),) = page.send(view, content)
    assert reply["id"] == "a"
    assert says in reply["error"]["message"]
    assert view.last_error is not None


@pytest.mark.parametrize("content", [None, "text", [], {}, {"id": 5}, {"id": ""}, {"id": "x" * 65}])
def test_what_is_no_request_gets_one_reply_without_an_id(page, view, content):
    ((reply, _),) = page.send(view, content)
    assert reply["id"] is None
    assert reply["error"]["kind"] == "InvalidChangeError"


def test_an_unknown_keyword_is_refused_with_a_hint(page):
    with pytest.raises(ConfigurationError, match="Sample takes no 'mod'; did you mean 'mode'"):
        Sample(mod="strip")
    with pytest.raises(ConfigurationError, match="there are text, mode, pictures"):
        Sample(zzz=1)


def test_the_page_cannot_write_the_state(page, view):
    data = {"method": "update", "state": {"state": {"text": "forged"}}, "buffer_paths": []}
    view.comm.handle_msg({"content": {"data": data}, "buffers": []})
    assert view.state["text"] == "hello"


def test_a_state_that_is_kept_is_not_sent_but_given_to_pages_that_come(page, view):
    view.keep({"text": "new"})
    assert page.updates(view) == []
    assert view.get_state("state") == {"state": {"text": "new"}}
    view.state = {"text": "newer"}
    assert page.updates(view) == [{"state": {"text": "newer"}}]


def test_news_may_come_from_any_thread(page, view):
    thread = threading.Thread(target=lambda: view.tell("news", what=1))
    thread.start()
    thread.join()
    assert page.messages(view) == [({"type": "news", "what": 1}, [])]


def test_the_repr_has_no_address_in_memory(page, view):
    assert repr(view) == "<Sample>"
    assert view._repr_mimebundle_()[0]["text/plain"] == "<Sample>"


def test_it_watches_from_when_it_is_shown_until_it_is_closed(page, view):
    assert view.watches == []
    view._repr_mimebundle_()
    view._repr_mimebundle_()
    (watch,) = view.watches
    assert not watch.ended
    view.close()
    view.close()
    assert watch.ended
    view.wake()
    assert len(view.watches) == 1


def test_one_that_rests_watches_again_when_it_is_asked(page, view):
    view.wake()
    view.rest()
    assert view.watches[0].ended
    page.ask(view, "nothing")
    assert [watch.ended for watch in view.watches] == [True, False]


def listed():
    """The widgets that ipywidgets tells a page of that is loaded again."""
    return lifetime.registry._instances


def test_a_cell_that_runs_again_frees_the_view_of_the_run_before(page, monkeypatch):
    runs = iter([("cell", "1"), ("cell", "1"), ("other", "2"), ("cell", "3")])
    monkeypatch.setattr(lifetime, "cell_and_run", lambda: next(runs))
    first, beside, other = Sample(), Sample(), Sample()
    kept, freed, elsewhere = first, weakref.ref(beside), weakref.ref(other)
    for view in (first, beside, other):
        view.wake()
    watches = [view.watches[0] for view in (first, beside, other)]
    name = beside.model_id
    del first, beside, other, view
    gc.collect()
    assert freed() is not None  # the page shows it, though nobody holds it
    assert listed()[name].get_state()["state"] == freed().state  # a page that is loaded again asks for it
    Sample()
    gc.collect()
    assert freed() is None
    assert name not in listed()
    assert elsewhere() is not None
    assert [watch.ended for watch in watches] == [True, True, False]
    assert page.ask(kept, "double", number=1)["number"] == 2  # a variable holds it
    assert not kept.watches[-1].ended
    monkeypatch.setattr(lifetime, "_held", {})


def test_outside_of_a_notebook_there_is_no_cell():
    assert lifetime.cell_and_run() is None


class Shelf:
    def thumbnail(self, location, _, *, video):
        return Picture("here", f"{location} {video}".encode(), "image/png")

    def full(self, location, _, **__):
        return Picture("remote", url=location)


def test_pictures_travel_as_bytes_by_the_key_that_the_view_gave_out(page):
    view = Sample(pictures=Shelf())
    key = view.picture_key("/a.png", None)
    other = view.picture_key("/b.png", None, video=True)
    content = {"id": "a", "type": "pictures", "args": {"keys": [key, "unknown", other]}}
    ((reply, buffers),) = page.send(view, content)
    assert reply["pictures"] == [
        {"key": key, "state": "here", "mime": "image/png", "buffer": 0},
        {"key": "unknown", "state": "missing", "why": "not shown by this view"},
        {"key": other, "state": "here", "mime": "image/png", "buffer": 1},
    ]
    assert buffers == [b"/a.png False", b"/b.png True"]


def test_a_signed_address_goes_by_message_and_never_into_the_state(page):
    view = Sample(pictures=Shelf())
    first = view.picture_key("https://x.test/a.png?token=OLD", None)
    assert view.picture_key("https://x.test/a.png?token=NEW", None) == first
    reply = page.ask(view, "pictures", keys=[first], size="full")
    assert reply["pictures"][0]["url"] == "https://x.test/a.png?token=NEW"
    assert "token" not in json.dumps(view.get_state(), default=str)
