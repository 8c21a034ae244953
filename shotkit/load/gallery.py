"""The gallery: the generations of a project, or of all, filtered."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from shotkit.errors import ConfigurationError
from shotkit.given import as_flag, as_number, storable
from shotkit.load.lacking import telling
from shotkit.load.shown import with_identities
from shotkit.model.tables import GALLERY, GALLERY_WITH_PROMPTS
from shotkit.sql import statement

if TYPE_CHECKING:
    from shotkit.load.phases import Reader

__all__ = ["STORED", "GalleryFilter", "load_gallery", "load_prompts"]

_MEDIA_TYPES = {None: None, "image": False, "video": True}
_MOST_ROWS = 2**63 - 1  # a bigint
_FLAGS = ("starred", "edits_only", "children", "unpositioned", "in_no_shot")
_DERIVED = ("url_identity", "thumb_url_identity", "is_video")
#: What load/gallery returns: GALLERY without what is derived here.
STORED = pa.schema([field for field in GALLERY if field.name not in _DERIVED])
_PROMPTS = pa.schema([GALLERY_WITH_PROMPTS.field(name) for name in ("generation_id", "prompt", "seed")])


@dataclass(frozen=True, kw_only=True)
class GalleryFilter:
    """Which generations; ids are lower-case UUIDs. See Kit.generations."""

    project_id: str | None = None
    media_type: str | None = None
    starred: bool = False
    edits_only: bool = False
    children: bool = False
    parent_id: str | None = None
    shot_id: str | None = None
    unpositioned: bool = False
    in_no_shot: bool = False
    prompt: str | None = None
    limit: int | None = None

    def __post_init__(self) -> None:
        for name in _FLAGS:
            as_flag(getattr(self, name), name, ConfigurationError)
        if self.media_type not in _MEDIA_TYPES:
            found = repr(self.media_type)[:80]
            raise ConfigurationError(f"media_type is 'image', 'video' or None, found {found}.")
        if self.unpositioned and self.shot_id is None:
            raise ConfigurationError("unpositioned asks where a generation is in a shot; give shot too.")
        if self.in_no_shot and self.shot_id is not None:
            raise ConfigurationError("A generation is in a shot or in no shot; give shot or in_no_shot.")
        if self.limit is not None:
            as_number(self.limit, "limit", 0, _MOST_ROWS, ConfigurationError)

    @property
    def is_everything(self) -> bool:
        """Whether nothing bounds the rows but flags: all that a database has may come."""
        bounds = (self.project_id, self.parent_id, self.shot_id, self.prompt, self.limit)
        return all(bound is None for bound in bounds)

    def parameters(self) -> dict[str, Any]:
        """Return the parameters of load/gallery."""
        given = asdict(self)
        pattern = None if self.prompt is None else f"%{_escaped(storable(self.prompt, 'prompt'))}%"
        return given | {"videos": _MEDIA_TYPES[given.pop("media_type")], "prompt": pattern}


@telling
def load_gallery(reader: "Reader", wanted: GalleryFilter, *, with_prompts: bool) -> pa.Table:
    """Return a table of GALLERY, with prompts of GALLERY_WITH_PROMPTS, which costs reading params."""
    rows = with_identities(reader.table(statement("load/gallery"), STORED, **wanted.parameters()))
    if not with_prompts:
        return rows.select(GALLERY.names)
    ids = rows["generation_id"]
    prompts = load_prompts(reader, ids.to_pylist())
    places = pc.index_in(ids, value_set=prompts["generation_id"].combine_chunks())
    for name in ("prompt", "seed"):
        rows = rows.append_column(name, prompts[name].take(places))
    return rows.select(GALLERY_WITH_PROMPTS.names)


@telling
def load_prompts(reader: "Reader", generation_ids: Sequence[str]) -> pa.Table:
    """Return prompt and seed of these generations, out of params: generation_id, prompt, seed."""
    return reader.table(statement("load/prompts"), _PROMPTS, generation_ids=list(generation_ids))


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
