"""Pictures for a page: out of the local storage, by address, or drawn; never an exception."""

import gc
import threading
from io import BytesIO
from types import SimpleNamespace

import pytest
from PIL import Image

from shotkit.storage import Store, location
from shotkit.widgets import pictures as module
from shotkit.widgets.bytes_cache import BytesCache
from shotkit.widgets.pictures import FULL, THUMBNAIL, Pictures, pictures_of
from shotkit.widgets.placeholders import placeholder

USER = "0b7e1f52-7a0f-4b52-9d6c-2f8f5f7f6a01"


def encoded(size, colour="teal", form="PNG", mode="RGB", **options):
    written = BytesIO()
    Image.new(mode, size, colour).save(written, form, **options)
    return written.getvalue()


def size_of(picture):
    return Image.open(BytesIO(picture.data)).size


class Files:
    """The store, with its openings counted."""

    def __init__(self, root):
        self.store = Store(root)
        self.opened = []

    def open(self, address):
        self.opened.append(address)
        return self.store.open(address)

    def put(self, name, data):
        return self.store.put("image_uploads", f"{USER}/uploads/{name}", data, user_id=USER)


@pytest.fixture
def files(tmp_path):
    return Files(tmp_path)


@pytest.fixture
def pictures(files):
    return Pictures(files)


def test_a_thumbnail_that_fits_is_handed_out_as_it_is_stored(files, pictures):
    data = encoded((200, 100), form="JPEG")
    picture = pictures.thumbnail("/storage/v1/object/public/image_uploads/none", files.put("t.jpg", data))
    assert (picture.state, picture.mime, picture.data) == ("here", "image/jpeg", data)


def test_without_a_thumbnail_one_is_made_of_the_picture_bounded_in_size(files, pictures):
    picture = pictures.thumbnail(files.put("a.png", encoded((3000, 1000))))
    assert (picture.state, picture.mime) == ("here", "image/jpeg")
    assert size_of(picture) == (THUMBNAIL, 85)


def test_a_thumbnail_that_is_gone_is_made_of_the_picture(files, pictures):
    gone = location("image_uploads", f"{USER}/thumbnails/gone.jpg")
    picture = pictures.thumbnail(files.put("a.png", encoded((640, 480))), gone)
    assert (picture.state, size_of(picture)) == ("here", (256, 192))


def test_a_picture_is_turned_as_its_exif_says(files, pictures):
    turned = Image.Exif()
    turned[0x0112] = 6
    for size, expected in (((600, 300), (128, 256)), ((100, 50), (50, 100))):
        data = encoded(size, form="JPEG", exif=turned)
        assert size_of(pictures.thumbnail(files.put(f"{size[0]}.jpg", data))) == expected


def test_transparency_is_kept(files, pictures):
    picture = pictures.thumbnail(files.put("a.png", encoded((600, 600), (0, 0, 0, 0), mode="RGBA")))
    assert picture.mime == "image/webp"
    assert Image.open(BytesIO(picture.data)).getpixel((5, 5))[3] == 0


def test_a_moving_picture_stands_still(files, pictures):
    frames = [Image.new("P", (60, 40), colour) for colour in (1, 2, 3)]
    written = BytesIO()
    frames[0].save(written, "GIF", save_all=True, append_images=frames[1:])
    picture = pictures.thumbnail(files.put("a.gif", written.getvalue()))
    assert not getattr(Image.open(BytesIO(picture.data)), "is_animated", False)


def test_bytes_behind_a_picture_do_not_reach_the_page(files, pictures):
    picture = pictures.thumbnail(files.put("a.png", encoded((20, 20)) + b"<script>" * 9_000))
    assert picture.state == "here"
    assert b"<script>" not in picture.data


def test_the_picture_itself_is_larger_and_bounded_too(files, pictures):
    assert size_of(pictures.full(files.put("a.png", encoded((1500, 900))))) == (1500, 900)
    assert size_of(pictures.full(files.put("b.png", encoded((5000, 100))))) == (FULL, 41)


@pytest.mark.parametrize("ending", ["mp4", "MOV", "webm"])
def test_a_film_shows_its_thumbnail_else_a_drawn_poster(files, pictures, ending):
    film = files.put(f"a.{ending}", b"not a picture")
    still = files.put("still.jpg", encoded((160, 90), form="JPEG"))
    assert pictures.thumbnail(film, still).data == files.store.read(still)
    for thumbnail in (None, "", film):
        poster = pictures.thumbnail(film, thumbnail)
        assert (poster.state, poster.data) == ("poster", placeholder("film"))
    assert film not in files.opened


def test_a_film_whose_address_does_not_say_so_is_told_by_its_type(files, pictures):
    film = files.put("film", b"not a picture")
    assert pictures.thumbnail(film, film, video=True).state == "poster"
    assert pictures.full(film, film, video=True).state == "poster"
    assert files.opened == []


def broken_off():
    return encoded((300, 300), form="JPEG")[:400]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<svg onload=alert(1)>",
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
        broken_off(),
        encoded((9, 9))[:40],
    ],
    ids=["empty", "svg", "eps", "broken off", "png broken off"],
)
def test_a_broken_picture_is_drawn_as_missing_and_said_to_be_unreadable(files, pictures, data):
    picture = pictures.thumbnail(files.put("a.png", data))
    assert (picture.state, picture.data) == ("missing", placeholder("missing"))
    assert picture.why.startswith("not readable as a picture")


def test_a_picture_that_would_unpack_to_too_much_is_not_opened(files, pictures, monkeypatch):
    bomb = files.put("bomb.png", encoded((400, 400)))
    monkeypatch.setattr(module, "MAX_PIXELS", 400 * 400 - 1)
    assert pictures.thumbnail(bomb).why == "not readable as a picture (DecompressionBombError)"
    monkeypatch.setattr(module, "MAX_PIXELS", 400 * 400)
    assert pictures.thumbnail(bomb).state == "here"


@pytest.mark.parametrize("limit", [200 * 200 - 1, 200 * 100 - 1], ids=["warned of", "refused"])
def test_pillows_own_limit_holds_too(files, pictures, monkeypatch, limit):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", limit)
    picture = pictures.thumbnail(files.put("a.png", encoded((200, 200))))
    assert picture.why.startswith("not readable as a picture (DecompressionBomb")


@pytest.mark.parametrize(
    "address",
    [
        "/storage/v1/object/public/image_uploads/../../../etc/passwd",
        "/storage/v1/object/public/image_uploads/%2e%2e/%2e%2e/etc/passwd",
        "/storage/v1/object/public/elsewhere/a.png",
        "/etc/passwd",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "data:image/png;base64,AAAA",
        "http://example.org/a.png",
        "https://",
        "https://user:word@example.org/a.png",
        "https:\\\\example.org\\a.png",
        " https://example.org/a.png",
        "https://example.org/a.png\njavascript:alert(1)",
        "blob:https://example.org/1",
    ],
)
def test_no_other_scheme_no_escape_and_no_foreign_bucket(pictures, address):
    picture = pictures.thumbnail(address)
    assert (picture.state, picture.url) == ("missing", "")
    assert picture.why.startswith("not in the local storage")


def test_nothing_at_all_is_missing(pictures):
    for nothing in (None, ""):
        assert pictures.thumbnail(nothing, nothing).why == "no address"


def test_without_a_store_what_is_local_is_missing():
    assert Pictures(None).thumbnail("/storage/v1/object/public/image_uploads/a.png").state == "missing"
    assert Pictures(None).thumbnail("https://example.org/a.png").state == "remote"


def test_an_https_address_is_the_pages_to_load_and_its_token_is_not_shown(pictures, files):
    url = "https://example.org/storage/v1/object/sign/image_uploads/a.png?token=SECRET"
    picture = pictures.thumbnail(None, url)
    assert (picture.state, picture.url, picture.data) == ("remote", url, b"")
    assert "SECRET" not in repr(picture)
    assert files.opened == []


def test_a_token_is_not_told_of_a_picture_that_is_missing(pictures):
    missing = pictures.thumbnail("/storage/v1/object/sign/image_uploads/a.png?token=SECRET")
    assert "SECRET" not in repr(missing)


def test_a_new_token_is_not_a_new_picture(files, pictures):
    address = files.put("a.png", encoded((50, 50)))
    first, second = (pictures.thumbnail(f"{address}?token={token}") for token in "ab")
    assert first is second
    assert len(files.opened) == 1


def test_what_is_missing_is_looked_for_again(files, pictures):
    address = location("image_uploads", f"{USER}/uploads/late.png")
    assert pictures.thumbnail(address).state == "missing"
    files.put("late.png", encoded((50, 50)))
    assert pictures.thumbnail(address).state == "here"


def test_the_cache_keeps_to_its_budget_and_drops_what_was_used_longest_ago(files):
    addresses = [files.put(f"{number}.png", encoded((40, 40))) for number in range(3)]
    length = len(files.store.read(addresses[0]))
    pictures = Pictures(files, budget=2 * length)
    for place in (0, 1, 0, 2, 0, 1):
        pictures.thumbnail(addresses[place])
    assert files.opened == [addresses[place] for place in (0, 1, 2, 1)]
    assert repr(pictures) == f"<Pictures: 2 kept, {2 * length} bytes>"


def test_a_value_larger_than_the_budget_is_not_kept_and_takes_the_old_one_along():
    cache = BytesCache(10)
    cache.put("a", "small", 4)
    cache.put("a", "large", 11)
    assert (cache.get("a"), cache.size, len(cache)) == (None, 0, 0)


def test_several_threads_leave_the_books_of_the_cache_right():
    cache = BytesCache(50)

    def fill(start):
        for number in range(start, start + 3_000):
            cache.put(number % 17, number, number % 7)
            cache.get(number % 5)

    threads = [threading.Thread(target=fill, args=(start,)) for start in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert cache.size == sum(size for _, size in cache._kept.values()) <= 50


def test_what_is_drawn_is_small_and_the_same_every_time():
    for kind in ("missing", "film"):
        first = placeholder(kind)
        placeholder.cache_clear()
        assert placeholder(kind) == first
        assert len(first) < 1_000


def test_all_views_of_one_store_share_their_pictures_for_as_long_as_there_is_one(tmp_path):
    store, other = Store(tmp_path), Store(tmp_path)
    kit, shot = SimpleNamespace(store=store), SimpleNamespace(store=store)
    shared = pictures_of(kit)
    assert pictures_of(shot) is shared
    assert pictures_of(SimpleNamespace(store=other)) is not shared
    gc.collect()  # what other tests left behind
    before = len(module._shared)
    del shared
    gc.collect()
    assert len(module._shared) == before - 1


def test_a_handle_without_a_store_has_pictures_of_its_own():
    assert pictures_of(object()).thumbnail("/a.png").why == "there is no local storage"
