"""Pictures of a shot: its timeline on a frame ruler, and a contact sheet. Needs `shotkit[all]` (matplotlib)."""

from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any

from shotkit.errors import ConfigurationError
from shotkit.model import pair_prompts
from shotkit.storage import Store

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.figure import Figure
    from PIL.Image import Image

    from shotkit.shot import Shot

__all__ = ["Picture", "contact_sheet", "timeline"]

_THUMBNAIL = 160  # pixels, the longer side of a thumbnail in a picture
_ROWS_OF_THUMBNAILS = 2  # neighbours stand in turns on two rows, so that close frames do not cover each other
_PROMPT_WIDTH = 22  # characters of a pair's prompt between its two images


@dataclass(frozen=True)
class Picture:
    """A picture that a notebook shows; `png` are its bytes, `alt` says what is on it."""

    alt: str
    png: bytes

    def __repr__(self) -> str:
        return f"Picture({self.alt})"

    def _repr_png_(self) -> bytes:
        return self.png

    def save(self, path: str) -> None:
        """Write the PNG file."""
        with open(path, "wb") as file:  # noqa: PTH123  takes what open takes
            file.write(self.png)
