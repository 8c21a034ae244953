"""A world around the client, for tests of interleavings: a database, readers, editors, what must hold.

The model knows what was written, invalidated and settled, never how the client works. Rows are a dict: `n`
counts the changes made elsewhere, `x` comes and goes, `op-1` ... are set by edits; only `x` is ever removed.
"""

from collections import defaultdict
from dataclasses import dataclass

from shotkit.query import REALTIME_BACKED, QueryClient, Retry

from .scheduler import FakeScheduler


@dataclass(eq=False)
class Asked:
    key: tuple
    future: object
    at_least: int  # the number of changes that the rows must show
    acknowledged: frozenset
    excused: bool = False


@dataclass(eq=False)
class Edited:
    name: str
    keys: tuple
    needs_x: bool
    edit: object = None
    committed: bool = False
    unfit: bool = False  # its rows were not told, and its patch may not fit: they come with the next fetch

    def patch(self, rows):
        if self.needs_x and "x" not in rows:
            raise LookupError(f"{self.name} needs x")
        return {**rows, self.name: 1}

    def stored(self, rows):
        return {**rows, self.name: 2}


class World:
    KEYS = (("rows", "s1"), ("rows", "s2"))

    def __init__(self):
        self.scheduler = FakeScheduler()
        retry = Retry(jitter=lambda: 1.0, deadline=3)
        self.client = QueryClient(scheduler=self.scheduler, retry=retry, byte_budget=12, size=len)
        self.rows = {key: {"n": 0} for key in self.KEYS}
        self.changes = {key: [(0.0, 0)] for key in self.KEYS}  # when n became what
        self.invalidated_at = dict.fromkeys(self.KEYS, 0)  # n when the key was last invalidated
        self.fault = dict.fromkeys(self.KEYS)
        self.reading = defaultdict(list)  # jobs that have read and not landed, but for cancelled ones
        self.overtaken = set()  # keys whose running fetch has met an invalidation
        self.gave_up = set()  # keys whose last wanted fetch failed or was cancelled
        self.asked, self.edits, self.acknowledged, self.refused = [], [], [], []
        self.observers = {key: [] for key in self.KEYS}
        self.hold = None
        self.job = None
        self.numbers = 0

    # What happens

    def ask(self, key):
        acknowledged = frozenset(each.name for each in self.acknowledged if key in each.keys)
        future = self.client.prefetch(key, self.read_of(key))
        self.asked.append(Asked(key, future, self.invalidated_at[key], acknowledged, self.hold is not None))
        self.gave_up.discard(key)

    def read_of(self, key):
        def read():
            assert not self.reading[key], "two fetches of one key at a time"
            self.reading[key].append(self.job)
            self.overtaken.discard(key)
            if self.fault[key] is not None:
                raise self.fault[key]("planted")
            return dict(self.rows[key])

        return read

    def read(self, number=0):
        jobs = self.scheduler.open_jobs("queued")
        self.job = jobs[number % len(jobs)]
        self.job.read()

    def land(self, number=0):
        jobs = self.scheduler.open_jobs("read")
        job = jobs[number % len(jobs)]
        key = next((key for key, reading in self.reading.items() if job in reading), None)
        failed = getattr(job.outcome, "error", None) is not None
        job.land()
        if key is None:
            return
        self.reading[key].remove(job)
        entry = self.entry(key)
        if failed and entry is not None and entry.fetch is None and key not in self.overtaken:
            self.gave_up.add(key)
        if key in self.overtaken and self.live_observers(key) and not self.held(key):
            assert entry.fetch is not None, "the invalidation met by the fetch is followed by no other fetch"
        self.overtaken.discard(key)

    def change(self, key):
        self.rows[key]["n"] += 1
        self.changes[key].append((self.scheduler.time, self.rows[key]["n"]))

    def toggle_x(self, key):
        if self.rows[key].pop("x", None) is None:
            self.rows[key]["x"] = 1

    def invalidate(self, key):
        self.note_invalidation(key)
        self.client.invalidate(key, reason="test")

    def note_invalidation(self, key):
        self.invalidated_at[key] = self.rows[key]["n"]
        self.gave_up.discard(key)
        if self.reading[key]:
            self.overtaken.add(key)

    def plant(self, key, fault):
        self.fault[key] = fault

    def cancel(self, key):
        self.client.cancel(key, reason="test")
        if not (key in self.overtaken and self.live_observers(key)):
            self.gave_up.add(key)
        self.reading[key].clear()
        self.overtaken.discard(key)

    def observe(self, key):
        self.observers[key].append(self.client.observe(key, lambda _: None, function=self.read_of(key)))
        self.gave_up.discard(key)

    def unsubscribe(self, key):
        self.observers[key].pop().unsubscribe()

    def edit(self, keys, *, needs_x=False):
        self.numbers += 1
        edited = Edited(f"op-{self.numbers}", keys, needs_x)
        try:
            edited.edit = self.client.edit(dict.fromkeys(keys, edited.patch), label=edited.name)
        except LookupError:
            return
        self.edits.append(edited)

    def commit(self, number=0):
        pending = [edit for edit in self.edits if not edit.committed]
        edit = pending[number % len(pending)]
        edit.committed = True
        for key in edit.keys:
            self.rows[key][edit.name] = 2

    def acknowledge(self, number=0, *, told=True):
        committed = [edit for edit in self.edits if edit.committed]
        edit = committed[number % len(committed)]
        self.edits.remove(edit)
        self.acknowledged.append(edit)
        edit.unfit = edit.needs_x and not told
        for key in edit.keys:
            if told:
                self.overtaken |= {key} if self.reading[key] else set()
            else:
                self.note_invalidation(key)
        edit.edit.acknowledge(dict.fromkeys(edit.keys, edit.stored) if told else {})

    def refuse(self, number=0):
        pending = [edit for edit in self.edits if not edit.committed]
        edit = pending[number % len(pending)]
        self.edits.remove(edit)
        self.refused.append(edit)
        for key in edit.keys:
            self.note_invalidation(key)
        edit.edit.refuse("test")

    def pass_time(self, seconds):
        self.scheduler.advance(seconds)

    def hold_still(self):
        for asked in self.asked:
            asked.excused |= not asked.future.done()
        self.hold = self.client.disable_refetch(("rows",))
        self.hold.__enter__()

    def let_go(self):
        hold, self.hold = self.hold, None
        hold.__exit__(None, None, None)

    # What must hold

    def entry(self, key):
        return self.client._store.find(key) if key in self.client else None

    def data(self, key):
        entry = self.entry(key)
        return entry.log.confirmed if entry is not None and entry.log.has_data else None

    def held(self, key):
        return self.hold is not None and self.data(key) is not None

    def live_observers(self, key):
        return bool(self.observers[key])

    def check(self):
        for key in self.KEYS:
            self.check_edits(key)
            self.check_freshness(key)
            self.check_wanted_fetch(key)
        for asked in [asked for asked in self.asked if asked.future.done()]:
            self.asked.remove(asked)
            self.check_answer(asked)

    def check_edits(self, key):
        mine = [edit for edit in self.edits if key in edit.keys]
        confirmed, result = self.data(key), self.client.result(key)
        assert result.pending == tuple(edit.name for edit in mine), "an edit is lost or doubled"
        if confirmed is None:
            assert not result.has_data
            return
        view, failed = confirmed, []
        for edit in mine:
            try:
                view = edit.patch(view)
            except LookupError:
                failed.append(edit.name)
        assert result.data == view, "the view is not the confirmed rows with the pending edits"
        assert [label for label, _ in result.failed] == failed
        shown = [edit for edit in self.acknowledged if key in edit.keys and not edit.unfit]
        assert all(confirmed.get(edit.name) in {1, 2} for edit in shown), "a write is lost"
        assert not any(edit.name in view for edit in self.refused), "a refused edit is shown"

    def check_freshness(self, key):
        if self.client.result(key).is_stale:
            return
        rows, now = self.data(key), self.scheduler.time
        assert rows["n"] >= self.invalidated_at[key], "rows from before an invalidation are called fresh"
        old = now - REALTIME_BACKED.fresh_for
        assert rows["n"] >= max(n for at, n in self.changes[key] if at <= old or n == 0), "old rows are fresh"

    def check_wanted_fetch(self, key):
        entry = self.entry(key)
        if entry is None or not self.live_observers(key) or self.held(key) or key in self.gave_up:
            return
        assert entry.fetch is not None or not entry.invalidated, "observed rows are stale and nobody fetches"

    def check_answer(self, asked):
        if asked.excused or asked.future.exception(0) is not None:
            return
        rows = asked.future.result(0)
        assert rows["n"] >= asked.at_least, "who asked after an invalidation got rows from before it"
        assert asked.acknowledged <= rows.keys(), "who asked after an answer got rows without it"

    def settle_down(self):
        """Let everything end: then whoever waited has an answer, and what is observed is as it should be."""
        if self.hold is not None:
            self.let_go()
        self.fault = dict.fromkeys(self.KEYS)
        while self.scheduler.open_jobs() or self.scheduler.timers:
            while self.scheduler.open_jobs("queued"):
                self.read()
            while self.scheduler.open_jobs("read"):
                self.land()
            self.check()
            self.pass_time(1)
        self.check()
        assert self.asked == [], "somebody waits for ever"
        for key in self.KEYS:
            if self.live_observers(key) and key not in self.gave_up:
                assert self.data(key)["n"] >= self.invalidated_at[key], "the last invalidation was lost"
        self.client.close()
