"""A shot without a database: the handle's methods over links in memory, by the same intents."""

import json
from datetime import UTC, datetime, timedelta

import pyarrow as pa

from shotkit import mutate
from shotkit.errors import InvalidChangeError, ShotkitError, StaleShotError
from shotkit.model.tables import GENERATIONS, IMAGES, frame
from shotkit.mutate import Links
from shotkit.mutate.change import Change
from shotkit.query import QueryResult

FIRST = datetime(2026, 1, 1, tzinfo=UTC)


class NoFiles:
    """A store without a file in it."""

    def open(self, location):
        raise ShotkitError(f"No file of {location}.")


class Watching:
    def __init__(self, shot, callback):
        self.shot, self.callback = shot, callback

    @property
    def result(self):
        return self.shot.result

    def unsubscribe(self):
        self.shot.watching.remove(self)


class FakeShot:
    """`count` images 81 frames apart, then `off` without a frame; `refuse` is raised by the next change."""

    def __init__(self, count=3, off=1, name="Opening", prompts=()):
        self.name = name
        self.store = NoFiles()
        self.ids = [f"{number:08x}-0000-4000-8000-000000000000" for number in range(count + off)]
        self.frames = {id_: 81 * n if n < count else None for n, id_ in enumerate(self.ids)}
        self.prompts = dict(prompts)
        self.read = False
        self.failure = self.refuse = None
        self.pending = ()
        self.watching = []
        self.done, self.undone = [], []
        self.called = []

    @property
    def result(self):
        return QueryResult(
            data=self.frames if self.read else None,
            has_data=self.read,
            error=self.failure,
            pending=self.pending,
        )

    def observe(self, callback):
        self.watching.append(Watching(self, callback))
        return self.watching[-1]

    def read_links(self):
        """Phase 2 arrives."""
        self.read = True
        self.changed()

    def changed(self):
        for watching in list(self.watching):
            watching.callback(self.result)

    def refresh(self):
        self.failure = None
        self.read_links()

    def images(self):
        return frame(self._table(IMAGES))

    def generations(self):
        if self.failure is not None:
            raise self.failure
        return frame(self._table(GENERATIONS))

    def move(self, id_, frame_, **seen):
        return self.apply(mutate.Move(id_, frame_), **seen)

    def move_to(self, ids, index, **seen):
        return self.apply(mutate.MoveTo(tuple(ids), index), **seen)

    def shift(self, ids, delta, **seen):
        return self.apply(mutate.Shift(tuple(ids), delta), **seen)

    def place(self, id_, frame_=None, **seen):
        return self.apply(mutate.Place(id_, frame_), **seen)

    def unplace(self, id_, **seen):
        return self.apply(mutate.Unplace(id_), **seen)

    def initialize(self, **seen):
        return self.apply(mutate.Initialize(), **seen)

    def normalize(self, **seen):
        return self.apply(mutate.Normalize(), **seen)

    def set_prompts(self, id_, prompt=None, negative_prompt=None, **seen):
        return self.apply(mutate.SetPrompts(id_, prompt, negative_prompt), **seen)

    def apply(self, intent, *, seen, rebase=False):
        self.called.append(intent)
        if (error := self.refuse) is not None:
            self.refuse = None
            raise error
        if not rebase and seen != self.frames:
            raise StaleShotError("The shot changed.", seen=seen, found=self.frames)
        plan = intent.plan(Links.of(self.frames))
        before = dict(self.frames)
        self.frames = Links.of(self.frames | plan.frames).frames
        if plan.prompts:
            self.prompts[plan.prompts.id] = plan.prompts.prompt
        self.done.append(before)
        self.changed()
        return self._change(intent.code, before)

    def undo(self):
        return self._back(self.done, self.undone)

    def redo(self):
        return self._back(self.undone, self.done)

    def _back(self, source, target):
        if not source:
            raise InvalidChangeError("There is nothing to take back.")
        before = self.frames
        target.append(before)
        self.frames = source.pop()
        self.changed()
        return self._change("kit.undo()", before)

    def _change(self, code, before):
        return Change(
            f"op-{len(self.called)}", code, dry_run=False, _before=dict(before), _after=dict(self.frames)
        )

    def _table(self, schema):
        ordered = sorted(self.frames.items(), key=lambda item: (item[1] is None, item[1] or 0))
        rows = [self._row(id_, at) for id_, at in ordered]
        return pa.Table.from_pylist(
            [{name: row[name] for name in schema.names} for row in rows], schema=schema
        )

    def _row(self, id_, at):
        number = self.ids.index(id_)
        location = f"/storage/v1/object/public/image_uploads/u/{number}.png"
        row = dict.fromkeys(GENERATIONS.names)
        metadata = {"pair_prompt": self.prompts[id_]} if id_ in self.prompts else {}
        return row | {
            "id": id_,
            "generation_id": f"{number:08x}-0000-4000-8000-00000000000a",
            "timeline_frame": at,
            "location": location,
            "thumbnail_url": f"{location}?token=SECRET",
            "type": "image",
            "name": f"Picture {number}",
            "starred": False,
            "is_child": False,
            "created_at": FIRST + timedelta(minutes=number),
            "url_identity": location,
            "thumb_url_identity": location,
            "is_video": False,
            "metadata": json.dumps(metadata),
            "updated_at": FIRST,
        }
