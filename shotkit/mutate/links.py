"""A shot's links as an intent is checked against them, and what an intent comes to: pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from operator import itemgetter
from typing import Any, NamedTuple

from shotkit.errors import InvalidChangeError
from shotkit.given import LARGEST, as_id, as_number
from shotkit.model.frames import is_position
from shotkit.secret import cleaned

__all__ = [
    "Added",
    "Link",
    "Links",
    "Places",
    "Plan",
    "Prompts",
    "apart",
    "changed",
]


class Link(NamedTuple):
    """A row of shot_generations: where it stands, since when (seconds), in which version, of what kind."""

    id: str
    frame: int | None
    generation_id: str = ""
    created: float = 0.0
    version: str = ""
    is_video: bool = False


_ID, _FRAME, _CREATED = (itemgetter(Link._fields.index(name)) for name in ("id", "frame", "created"))


class Links(Mapping[str, Link]):
    """The links of a shot by id: by frame, those without one last and oldest first.

    Made of plain tuples too: of a thousand, few are looked at whole.
    """

    def __init__(self, links: Iterable[Link | tuple[Any, ...]]) -> None:
        oldest_first = sorted(sorted(links, key=_ID), key=_CREATED)
        placed = sorted([link for link in oldest_first if link[1] is not None], key=_FRAME)
        off = [link for link in oldest_first if link[1] is None]
        self._by_id = {link[0]: link for link in (*placed, *off)}

    @classmethod
    def of(cls, frames: Mapping[str, int | None]) -> "Links":
        """Return the links that stand at `frames`, of which no more is known."""
        return cls([(id_, frame, "", 0.0) for id_, frame in frames.items()])

    def __getitem__(self, id_: str) -> Link:
        return Link(*self._by_id[id_])

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_id)

    def __len__(self) -> int:
        return len(self._by_id)

    @cached_property
    def frames(self) -> dict[str, int | None]:
        """The frame of each link as stored, be it None or corrupt."""
        return {id_: link[1] for id_, link in self._by_id.items()}

    @cached_property
    def positions(self) -> dict[str, int]:
        """The links on the timeline with their frames, ascending."""
        return {id_: frame for id_, frame in self.frames.items() if frame is not None and is_position(frame)}

    def known(self, id_: object) -> str:
        """Return `id_` as it stands here; refuse one that does not."""
        if isinstance(id_, str) and id_ in self._by_id:
            return id_
        if (found := as_id(id_)) is None or found not in self._by_id:
            raise InvalidChangeError(
                f"{cleaned(str(id_))[:80]!r} is no link of this shot; give an id of shot.links(), not a "
                "generation_id."
            )
        return found

    def all_known(self, ids: Sequence[object]) -> list[str]:
        """Return `ids` as they stand here; refuse none, an unknown and a repeated one."""
        found = [id_ if type(id_) is str and id_ in self._by_id else self.known(id_) for id_ in ids]
        if not found:
            raise InvalidChangeError("No link was named; give at least one id of shot.links().")
        if repeated := [id_ for id_, times in Counter(found).items() if times > 1]:
            raise InvalidChangeError(f"Named more than once: {', '.join(repeated)}; name each link once.")
        return found

    def others(self, ids: Iterable[str]) -> set[int]:
        """Return the frames that the links beside `ids` hold."""
        without = set(ids)
        return {frame for id_, frame in self.positions.items() if id_ not in without}


@dataclass(frozen=True)
class Added:
    """A new link: of which generation, where; or one that is put back, with its id and its whole row as JSON.

    `pairs` are the generations whose pair began at it.
    """

    generation_id: str
    frame: int | None
    id: str | None = None
    row: str = ""
    pairs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Prompts:
    """New prompts of a link; None leaves one as it is."""

    id: str
    prompt: str | None
    negative_prompt: str | None


@dataclass(frozen=True)
class Places:
    """Places in a link's metadata and the JSON that stood there, None for nothing."""

    id: str
    values: tuple[tuple[tuple[str, ...], str | None], ...]


@dataclass(frozen=True)
class Plan:
    """What an intent comes to on a shot's links: frames that change, a link added or removed, prompts."""

    frames: Mapping[str, int | None] = field(default_factory=dict)
    added: Added | None = None
    removed: str | None = None
    prompts: Prompts | None = None
    places: Places | None = None

    def new(self, op_id: str) -> str:
        """Return the id of an added link: its own if it is put back, else the operation's."""
        return (self.added and self.added.id) or op_id

    @property
    def prompted(self) -> str | None:
        """The id of the link whose prompts are written."""
        written = self.prompts or self.places
        return written.id if written else None

    @property
    def forgotten(self) -> list[str]:
        """The ids of the links of which more than the frame is overwritten or deleted."""
        return [id_ for id_ in (self.removed, self.prompted) if id_]

    @property
    def only_moves(self) -> bool:
        """Whether it changes frames of links that are there, and nothing else."""
        return bool(self.frames) and not (self.added or self.forgotten)

    @property
    def touched(self) -> list[str]:
        """The ids of the links that are written or deleted."""
        return [*self.frames, *self.forgotten]

    def __bool__(self) -> bool:
        return bool(self.touched or self.added)


def changed(links: Links, wanted: Mapping[str, int | None]) -> dict[str, int | None]:
    """Return what of `wanted` is not so already; refuse what is no frame."""
    for id_, frame in wanted.items():
        if frame is not None and not (type(frame) is int and 0 <= frame <= LARGEST):  # seldom: spares a call
            as_number(frame, f"The frame of {id_}", 0)
    found = links.frames
    return {id_: frame for id_, frame in wanted.items() if frame != found[id_]}


def apart(frames: Mapping[str, int], used: Iterable[int] = ()) -> dict[str, int]:
    """Return `frames`, which ascend, pushed right as little as needed to be distinct and none of `used`."""
    taken, previous, placed = set(used), -1, {}
    for id_, frame in frames.items():
        previous = max(frame, previous + 1)
        while previous in taken:
            previous += 1
        placed[id_] = previous
    return placed
