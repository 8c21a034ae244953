"""Paints the demo's files into the store: images, films and thumbnails; those that stand there are left."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from io import BytesIO
from itertools import groupby

from PIL.Image import Image

from shotkit.demo.film import film
from shotkit.demo.landscape import Scene, paint
from shotkit.demo.looks import dress
from shotkit.demo.studio import BUCKET, Picture
from shotkit.progress import bar
from shotkit.storage import Store, location

__all__ = ["paint_all"]

IMAGE = (768, 432)  # pixels
FILM = (320, 180)
THUMBNAIL = (300, 300)  # at most
FRAMES, RATE = 12, 8  # a film's frames, and how many of them a second
_THREADS = 2  # Pillow works outside the interpreter's lock

Subject = tuple[Scene, float, float, float | None]


def paint_all(pictures: list[Picture], store: Store, *, progress: bool) -> int:
    """Paint what the store lacks; return how many pictures that was."""
    # Variants of one generation are one subject, painted once and dressed differently.
    subjects = [list(group) for _, group in groupby(pictures, _subject)]
    painted = 0
    with bar("painting", len(subjects), shown=progress) as advance, ThreadPoolExecutor(_THREADS) as pool:
        for new in pool.map(partial(_paint_subject, store), subjects):
            painted += new
            advance()
    return painted


def _subject(picture: Picture) -> Subject:
    return picture.scene, picture.hour, picture.growth, picture.until


def _paint_subject(store: Store, pictures: list[Picture]) -> int:
    missing = [picture for picture in pictures if not _stands(store, picture)]
    if missing:
        size = FILM if missing[0].until else IMAGE
        frames = [paint(missing[0].scene, hour, growth, size) for hour, growth in _course(missing[0])]
        for picture in missing:
            _put(store, picture, frames)
    return len(missing)


def _stands(store: Store, picture: Picture) -> bool:
    return all(store.exists(location(BUCKET, path)) for path in (picture.path, picture.thumbnail))


def _course(picture: Picture) -> list[tuple[float, float]]:
    """Return the hour and the growth of each frame; a still has one."""
    if picture.until is None:
        return [(picture.hour, picture.growth)]
    passed = [(picture.until - picture.hour) * number / (FRAMES - 1) for number in range(FRAMES)]
    return [(picture.hour + time, picture.growth + time) for time in passed]


def _put(store: Store, picture: Picture, frames: list[Image]) -> None:
    dressed = [dress(frame, picture.look) for frame in frames]
    content = film(dressed, RATE) if picture.until else _jpeg(dressed[0], 88)
    store.put(BUCKET, picture.path, content, user_id=picture.user_id)
    small = dressed[0].copy()
    small.thumbnail(THUMBNAIL)
    store.put(BUCKET, picture.thumbnail, _jpeg(small, 82), user_id=picture.user_id)


def _jpeg(image: "Image", quality: int) -> bytes:
    written = BytesIO()
    image.save(written, "JPEG", quality=quality)
    return written.getvalue()
