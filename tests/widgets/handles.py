"""Handles without a database: what a widget needs of a kit, a shot, a generation; each change is kept."""

from types import SimpleNamespace

import pandas as pd
import pyarrow as pa

from shotkit.errors import NotFoundError
from shotkit.model.tables import GALLERY, IMAGES, LINEAGE, SHOTS, VARIANTS, frame

MOMENT = pd.Timestamp("2026-11-21T10:00:00Z")
SIGNED = "https://example.org/storage/v1/object/sign/image_uploads/{}.png?token=SECRET"


def rows(schema, given):
    """A frame of the schema; what is not given has a plain value."""
    plain = {
        "type": "image",
        "url_identity": "",
        "thumb_url_identity": "",
        "created_at": MOMENT,
        "project_id": "p",
    }
    empty = {
        field.name: plain.get(
            field.name, {pa.bool_(): False, pa.int64(): 0}.get(field.type) if not field.nullable else None
        )
        for field in schema
    }
    return frame(pa.Table.from_pylist([empty | row for row in given], schema=schema))


class Watched:
    """What can be observed."""

    def __init__(self):
        self.observers = []

    def observe(self, callback):
        watch = SimpleNamespace(callback=callback, ended=False)
        watch.unsubscribe = lambda: setattr(watch, "ended", True)
        self.observers.append(watch)
        return watch

    def tell(self, **result):
        """Call back, as a change does."""
        plain = {"error": None, "data": (), "is_fetching": False, "is_stale": False}
        told = SimpleNamespace(**plain | result)
        for watch in self.observers:
            if not watch.ended:
                watch.callback(told)


class FakeGeneration(Watched):
    """A generation of three variants, a primary one, an upscaled one never looked at, a film."""

    def __init__(self, raises=None):
        super().__init__()
        self.id = "g1"
        self.calls = []
        self.raises = raises
        self.rows = [
            {"id": "v1", "name": "first", "is_primary": True, "viewed_at": MOMENT},
            {"id": "v2", "name": "second", "variant_type": "upscaled", "starred": True},
            {"id": "v3", "name": None, "variant_type": "film", "is_video": True, "viewed_at": MOMENT},
        ]

    def variants(self):
        given = [{"generation_id": "g1", "location": SIGNED.format(row["id"])} | row for row in self.rows]
        return rows(VARIANTS, given)

    def details(self):
        return {
            "name": "a name", "type": "image", "location": SIGNED.format("g1"), "prompt": "a <b>prompt</b>",
            "seed": 7, "created_at": MOMENT, "starred": False, "based_on": None,
        }  # fmt: skip

    def lineage(self):
        given = [
            {"depth": -1, "relation": "source", "of_id": "g1", "generation_id": "g0"},
            {"depth": 0, "relation": "self", "generation_id": "g1"},
        ]
        return rows(LINEAGE, [{"location": SIGNED.format(row["generation_id"])} | row for row in given])

    def _call(self, *call, dry_run=False, after=()):
        self.calls.append((*call, dry_run) if call[0] == "delete_variant" else call)
        if self.raises:
            raise self.raises
        return SimpleNamespace(code=f"gen.{call[0]}({call[1]!r})", after=rows(VARIANTS, after))

    def make_primary(self, variant_id):
        for row in [] if self.raises else self.rows:
            row["is_primary"] = row["id"] == variant_id
        return self._call("make_primary", variant_id)

    def star(self, variant_id, *, starred=True):
        return self._call("star", variant_id, starred)

    def viewed(self, variant_id):
        return self._call("viewed", variant_id)

    def delete_variant(self, variant_id, *, last=False, dry_run=False):  # noqa: ARG002  as the handle
        kept = [row for row in self.rows if row["id"] != variant_id]
        if not (dry_run or self.raises):
            self.rows = kept
        after = [
            row | {"generation_id": "g1", "location": "/x", "is_primary": row is kept[0]} for row in kept
        ]
        return self._call("delete_variant", variant_id, dry_run=dry_run, after=after)


class FakeListing(Watched):
    """What filters leave of a shot's project; `rows` are read by `read`."""

    def __init__(self, read):
        super().__init__()
        self.rows = read
        self.deleted = set()

    def refresh(self):
        pass

    def existing(self, generation_ids):
        return set(generation_ids) - self.deleted


class FakeShot(Watched):
    """A shot of three images, one of them off the timeline, and a gallery of its project."""

    id, name, project_id = "s1", "a <i>shot</i>", "p"

    def __init__(self, project=30):
        super().__init__()
        self.given = [
            {"generation_id": "g1", "timeline_frame": 0, "name": "one"},
            {"generation_id": "g2", "timeline_frame": 81, "name": "two"},
            {"generation_id": "g3", "timeline_frame": None, "name": None},
        ]
        self.failure = None
        self.added = []
        self.refuses = {}
        self.project = project
        self.first = 0
        self.filters = []
        self.listings = []

    def images(self):
        if self.failure:
            raise self.failure
        return rows(IMAGES, [{"location": SIGNED.format(row["generation_id"])} | row for row in self.given])

    def generation(self, generation_id):
        if generation_id == "unknown":
            raise NotFoundError("There is no generation unknown.")
        return FakeGeneration()

    def gallery(self, **filters):
        self.filters.append(filters)
        places = range(self.first, 3 if filters else self.project)
        given = [{"generation_id": f"g{place}", "location": SIGNED.format(place)} for place in places]
        return rows(GALLERY, given)

    def listing(self, **filters):
        self.listings.append(FakeListing(lambda: self.gallery(**filters)))
        return self.listings[-1]

    def add(self, generation_id, *, positioned=True, rebase=False):
        if generation_id in self.refuses:
            raise self.refuses[generation_id]
        self.added.append((generation_id, positioned, rebase))


class FakeKit:
    """A kit of one project and two shots."""

    def __init__(self):
        self.one, self.two = FakeShot(), FakeShot()
        self.asked = []

    def generations(self, project=None, **filters):
        self.asked.append((project, filters))
        return self.one.gallery(**filters)

    def listing(self, project=None, **filters):
        return FakeListing(lambda: self.generations(project, **filters))

    def projects(self):
        return pd.DataFrame({"id": ["p", "q"], "name": ["one", "<b>two</b>"]})

    def shots(self, project=None):
        given = [{"id": id_, "name": f"shot {id_}", "project": project} for id_ in ("s1", "s2")]
        return rows(SHOTS, given)

    def generation(self, generation_id):
        return self.one.generation(generation_id)

    def shot(self, id_):
        return {"s1": self.one, "s2": self.two}[id_]
