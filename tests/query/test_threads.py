"""The client on real threads and event loops; events order what happens, nothing sleeps."""

import asyncio
import subprocess
import sys
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from shotkit.query import QueryClient, Retry, SelfWaitError, ThreadScheduler
from shotkit.query.entry import Waiter

from .scheduler import FakeScheduler

KEY = ("rows", "s1")
LONG = 20  # seconds after which a test that hangs fails


AFTER_THE_SCRIPT = """
import threading
from shotkit.query import QueryClient

client = QueryClient()
client.prefetch(("rows", "s1"), dict).result()
client.invalidate(("rows", "s2"), reason="a pool and a timer are there", delay=1000)
(timers,) = [each for each in threading.enumerate() if each.name == "query-timers"]

def after():
    threading.main_thread().join()
    client.invalidate(("rows", "s1"), reason="rings while the interpreter ends", delay=0)
    timers.join(20)
    print("ended" if not timers.is_alive() else "still there")

threading.Thread(target=after).start()
"""


@pytest.fixture
def threaded():
    with QueryClient(retry=Retry(first=0.001, deadline=LONG)) as client:
        yield client


def query_threads():
    return [thread for thread in threading.enumerate() if thread.name.startswith("query")]


def wait_for_waiters(client, key, number):
    while len(client._store.find(key).waiters) < number:
        time.sleep(0)


def test_a_plain_fetch_and_a_plain_write_start_no_thread():
    with QueryClient() as client:
        assert client.fetch(KEY, threading.get_ident) == threading.get_ident()
        assert client.write("s1", threading.get_ident) == threading.get_ident()
        client.invalidate(KEY, reason="test")
        assert query_threads() == []


def test_closing_ends_all_threads():
    with QueryClient() as client:
        client.prefetch(KEY, dict).result(LONG)
        client.invalidate(KEY, reason="test", delay=LONG)
        assert query_threads() != []
    assert query_threads() == []


def test_timers_ring_in_order_and_their_thread_ends_with_the_last():
    class Clocked(ThreadScheduler):
        time = 0.0

        def now(self):
            return self.time

    scheduler, order, rung = Clocked(), [], threading.Event()
    scheduler.later(20, lambda: order.append("late"))
    scheduler.later(10, lambda: order.append("early"))
    (timers,) = query_threads()
    scheduler.time = 100.0
    scheduler.later(0, rung.set)
    assert rung.wait(LONG)
    assert order == ["early", "late"]
    timers.join(LONG)
    assert not timers.is_alive()
    scheduler.later(1, rung.clear)
    assert len(query_threads()) == 1
    scheduler.close(wait=True)
    assert query_threads() == []
    scheduler.later(0, rung.clear)
    assert query_threads() == []


def test_a_script_that_ends_without_close_ends_the_timers_and_prints_nothing():
    ended = subprocess.run(
        [sys.executable, "-c", AFTER_THE_SCRIPT], capture_output=True, text=True, check=True
    )
    assert (ended.stdout, ended.stderr) == ("ended\n", "")


def test_a_worker_may_close_the_client():
    client, closed = QueryClient(), threading.Event()

    def last(result):
        if result.has_data:
            client.close()
            closed.set()

    observer = client.observe(KEY, last, function=dict)
    assert closed.wait(LONG)
    assert observer.result.data == {}
    client.close()


def test_many_threads_share_one_fetch():
    calls, started, go = [], threading.Event(), threading.Event()

    def read():
        calls.append(1)
        started.set()
        assert go.wait(LONG)
        return "rows"

    with QueryClient() as client, ThreadPoolExecutor(9) as pool:
        first = pool.submit(client.fetch, KEY, read)
        assert started.wait(LONG)
        others = [pool.submit(client.fetch, KEY, read) for _ in range(8)]
        wait_for_waiters(client, KEY, 9)
        go.set()
        assert [each.result(LONG) for each in (first, *others)] == ["rows"] * 9
    assert len(calls) == 1


@pytest.mark.parametrize("fails", [False, True])
def test_threads_and_an_event_loop_share_one_fetch_and_its_error(threaded, fails):
    calls, started, go = [], threading.Event(), threading.Event()

    def read():
        calls.append(threading.get_ident())
        started.set()
        assert go.wait(LONG)
        if fails:
            raise ValueError("no such column")
        return "rows"

    async def story(pool):
        joined = [asyncio.ensure_future(threaded.fetch_async(KEY, read)) for _ in range(3)]
        await asyncio.to_thread(started.wait, LONG)
        thread = pool.submit(threaded.fetch, KEY, read)
        await asyncio.to_thread(wait_for_waiters, threaded, KEY, 4)
        go.set()
        return await asyncio.gather(*joined, asyncio.wrap_future(thread), return_exceptions=True)

    with ThreadPoolExecutor(1) as pool:
        answers = asyncio.run(story(pool))
    assert len(calls) == 1
    assert calls[0] != threading.get_ident(), "the loop is not blocked"
    assert len({id(answer) for answer in answers}) == 1
    assert isinstance(answers[0], ValueError) if fails else answers[0] == "rows"


def test_a_plain_fetch_works_inside_a_running_loop(threaded):
    async def cell():
        later = asyncio.ensure_future(threaded.fetch_async(KEY, lambda: "rows"))
        await asyncio.sleep(0)
        return threaded.fetch(KEY, lambda: "rows"), await later

    assert asyncio.run(cell()) == ("rows", "rows")


def test_a_task_that_stops_waiting_leaves_the_fetch_to_the_others(threaded, caplog):
    go = threading.Event()

    async def story():
        first = asyncio.ensure_future(threaded.fetch_async(KEY, lambda: go.wait(LONG)))
        second = asyncio.ensure_future(threaded.fetch_async(KEY, dict))
        await asyncio.sleep(0)
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
        await asyncio.sleep(0)  # now the news of it have reached the client's own future
        go.set()
        return await second

    assert asyncio.run(story()) is True
    threaded.close()
    assert caplog.text == ""


def test_a_waiting_thread_runs_its_own_retries(threaded):
    calls = []

    def read():
        calls.append(1)
        if len(calls) < 4:
            raise ConnectionError("gone")
        return "rows"

    assert threaded.fetch(KEY, read) == "rows"
    assert len(calls) == 4


def test_one_worker_is_enough_for_fetches_that_wait_for_queued_fetches():
    with QueryClient(scheduler=ThreadScheduler(workers=1)) as client:
        inner_asked = threading.Event()

        def outer():
            assert inner_asked.wait(LONG)
            return client.fetch(("inner",), lambda: "inner")

        asked = client.prefetch(("outer",), outer)
        client.prefetch(("inner",), lambda: "inner")
        inner_asked.set()
        assert asked.result(LONG) == "inner"


def test_one_worker_is_enough_when_an_invalidation_makes_waiting_threads_wait_for_more():
    """The only worker waits for rows that a plain thread reads; they are overtaken and one more is needed."""
    with QueryClient(scheduler=ThreadScheduler(workers=1)) as client:
        reading, go, calls = threading.Event(), threading.Event(), []

        def inner():
            calls.append(1)
            if len(calls) == 1:
                reading.set()
                assert go.wait(LONG)
            return len(calls)

        with ThreadPoolExecutor(1) as pool:
            first = pool.submit(client.fetch, ("inner",), inner)
            assert reading.wait(LONG)
            client.invalidate(("inner",), reason="written")
            outer = client.prefetch(("outer",), lambda: client.fetch(("inner",), inner))
            wait_for_waiters(client, ("inner",), 2)
            go.set()
            assert first.result(LONG) == 1
            assert outer.result(LONG) == 2


def test_a_fetch_led_elsewhere_is_no_self_wait(threaded):
    started, go = threading.Event(), threading.Event()

    def read():
        started.set()
        assert go.wait(LONG)
        return "rows"

    asked = threaded.prefetch(KEY, read)
    assert started.wait(LONG)
    threading.Timer(0, go.set).start()
    assert threaded.fetch(KEY, read) == asked.result(LONG) == "rows"
    with pytest.raises(SelfWaitError):
        threaded.fetch(("self",), lambda: threaded.fetch(("self",), dict))


def test_a_thread_that_is_being_answered_begins_no_fetch(threaded):
    """Between the moment its answer is fixed and the moment it can see that."""
    assert threaded.fetch(KEY, lambda: "rows") == "rows"
    answered = Waiter(0, Future(), threading.Event())
    assert threaded._fetches._take_over(KEY, answered) is None
    assert not threaded.result(KEY).is_fetching


def test_a_delayed_invalidation_comes_by_itself(threaded):
    stale = threading.Event()
    threaded.fetch(KEY, dict)
    observer = threaded.observe(KEY, lambda result: result.is_stale and stale.set())
    threaded.invalidate(KEY, reason="test", delay=0.001)
    assert stale.wait(LONG)
    assert observer.active


def test_many_writers_and_readers_lose_and_double_nothing(threaded):
    database, sent, sending = {"n": 0}, [], threading.Semaphore(1)

    def write(name):
        def send():
            assert sending.acquire(blocking=False), "two writes of one scope at a time"
            database[name] = 1
            sent.append(name)
            sending.release()

        def patch(rows):
            return {**rows, name: 1}

        threaded.write("s1", send, patches={KEY: patch}, stored=lambda _: {KEY: patch})
        assert name in threaded.get(KEY), "an acknowledged write is not shown"

    def work(worker):
        for number in range(40):
            write(f"{worker}-{number}")
            if number % 3 == 0:
                threaded.invalidate(KEY, reason="test")
            if number % 4 == 0:
                assert f"{worker}-{number}" in threaded.fetch(KEY, lambda: dict(database))

    threaded.fetch(KEY, lambda: dict(database))
    observer = threaded.observe(KEY, lambda _: None, function=lambda: dict(database))
    with ThreadPoolExecutor(6) as pool:
        for done in [pool.submit(work, worker) for worker in range(6)]:
            done.result(3 * LONG)
    assert len(sent) == len(set(sent)) == 240
    threaded.invalidate(KEY, reason="the end")
    assert threaded.fetch(KEY, lambda: dict(database)) == database
    assert observer.result.pending == ()


def test_a_worker_that_fails_is_reported(caplog):
    scheduler, done = ThreadScheduler(), threading.Event()
    scheduler.run(lambda: 1 / 0, print)
    scheduler.run(dict, lambda _: done.set())
    assert done.wait(LONG)
    scheduler.close(wait=True)
    assert "A worker of the query client failed." in caplog.text


def test_no_code_of_the_user_runs_while_the_lock_is_held():
    """Each callback has another thread use the client, and waits for it, for ever were the lock held."""
    met = set()

    def elsewhere(name):
        thread = threading.Thread(target=client.get, args=(KEY,), daemon=True)
        thread.start()
        thread.join(LONG)
        assert not thread.is_alive(), f"{name} was called with the lock held"
        met.add(name)
        return True

    def told(name, value=None):
        return lambda *_: elsewhere(name) and value

    scheduler = FakeScheduler()
    retry = Retry(retryable=told("classifier", value=True), jitter=told("jitter", 1.0))
    client = QueryClient(scheduler=scheduler, retry=retry, size=told("size", 1))
    errors = [ConnectionError("gone")]

    def read():
        elsewhere("fetch")
        if errors:
            raise errors.pop()
        return {}

    observer = client.observe(KEY, told("callback", None), function=read, placeholder=told("placeholder", {}))
    scheduler.work()
    assert observer.result.is_placeholder
    asked = client.prefetch(KEY, read)
    asked.add_done_callback(told("future", None))
    scheduler.advance(1)
    scheduler.work()
    client.write(
        "s1",
        told("send", 1),
        patches={KEY: told("patch", {"a": 1})},
        stored=told("stored", {KEY: told("stored patch", {"a": 2})}),
    )
    client.edit({KEY: told("patch", {})}).refuse("no")
    client.invalidate(KEY, reason="test")
    client.close()
    callbacks = {"callback", "placeholder", "fetch", "future", "classifier", "jitter", "size"}
    assert met == callbacks | {"patch", "send", "stored", "stored patch"}
