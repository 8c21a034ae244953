"""Pictures of a shot: real images at their frames, text from users as text."""

from io import BytesIO

import pandas as pd
import pytest
from PIL import Image

import shotkit
from shotkit import ConfigurationError, NotFoundError, plot

SHOT = "Valley, dawn to night"


@pytest.fixture
def kit(demo, shotkit_home, monkeypatch):
    monkeypatch.setenv("SHOTKIT_HOME", shotkit_home)
    with shotkit.connect(read_only=True) as opened:
        yield opened


@pytest.mark.parametrize("draw", [plot.timeline, plot.contact_sheet])
def test_a_picture_is_a_png_that_says_what_is_on_it(kit, draw, tmp_path):
    picture = draw(kit.shot(SHOT))
    assert f"{SHOT}, 13 images" in picture.alt
    assert repr(picture) == f"<Picture: {picture.alt}>"
    picture.save(tmp_path / "picture.png")
    with Image.open(tmp_path / "picture.png") as image:
        assert image.format == "PNG"
        assert image.getextrema() != ((255, 255),) * len(image.getbands()), "an empty page"
    assert picture._repr_png_() == (tmp_path / "picture.png").read_bytes()


def test_a_contact_sheet_shows_the_images_in_the_order_of_their_frames(kit):
    shot = kit.shot(SHOT)
    with Image.open(BytesIO(plot.contact_sheet(shot).png)) as sheet:
        width, height = plot.THUMBNAIL
        first = sheet.crop((plot.MARGIN, plot.MARGIN, plot.MARGIN + width, plot.MARGIN + height))
    with Image.open(BytesIO(kit.store.read(shot.timeline()["thumbnail_url"].iloc[0]))) as thumbnail:
        expected = thumbnail.convert("RGB").resize(plot.THUMBNAIL)
    differences = [abs(a - b) for a, b in zip(first.tobytes(), expected.tobytes(), strict=True)]
    assert sum(differences) / len(differences) < 8, "another image stands first"


ELSEWHERE = "https://x.supabase.co/storage/v1/object"


@pytest.mark.parametrize("draw", [plot.timeline, plot.contact_sheet])
def test_an_image_that_is_not_at_hand_is_a_grey_box_and_all_else_is_drawn(kit, draw, monkeypatch):
    shot = kit.shot(SHOT)
    rows = shot.timeline()
    token = "?token=s3cr3t-canary"  # noqa: S105  made up, to be looked for
    film = kit.store.put("image_uploads", "u/uploads/film.mp4", b"no picture", user_id="u")
    for column in ("location", "thumbnail_url"):
        rows.loc[0, column] = f"{ELSEWHERE}/public/image_uploads/u/a.png"
        rows.loc[1, column] = f"{ELSEWHERE}/sign/a/u/b.png{token}"
        rows.loc[2, column] = f"{ELSEWHERE}/public/image_uploads/u/../c.png"
        rows.loc[3, column] = "https://elsewhere.example/d.png"
        rows.loc[4, column] = None
        rows.loc[5, column] = film
    rows.loc[:2, "name"] = ["Two horses\x1b[31m " * 9, "日本 $x$", None]
    rows.loc[6, "thumbnail_url"] = None
    monkeypatch.setattr(shot, "timeline", lambda: rows)
    monkeypatch.setattr("socket.socket.connect", lambda *_: pytest.fail("the network was asked"))
    picture = draw(shot)
    assert "13 images, 6 of 13 pictures not at hand" in picture.alt
    assert "s3cr3t-canary" not in picture.alt
    thumbnails, _ = plot._thumbnails(rows, kit.store)
    greys = [image.getpixel((2, 2)) == (204, 204, 204) for image in thumbnails]
    assert greys == [True] * 6 + [False] * 7
    drawn = [len(image.getcolors(maxcolors=100_000)) > 1 for image in thumbnails]
    assert all(drawn), "a box says which image it stands for"


def test_the_name_of_a_box_is_the_images_else_its_files():
    address = f"{ELSEWHERE}/sign/image_uploads/u/a%20b.png?token=x"
    assert plot._short_name("Dawn", address) == "Dawn"
    assert plot._short_name(pd.NA, address) == "a b.png"
    assert plot._short_name(" ", pd.NA) == "no file"


def test_an_empty_timeline_has_no_picture(kit):
    with pytest.raises(NotFoundError, match="still empty"):
        plot.timeline(kit.shot("Storyboard, still empty"))


@pytest.mark.parametrize("prompt", [r"$\no_such$", "$", "costs $5 or $6", "<script>alert(1)</script>"])
def test_a_prompt_is_drawn_as_text_whatever_it_says(kit, prompt, monkeypatch):
    shot = kit.shot(SHOT)
    pairs = shot.pair_prompts()
    pairs["prompt"] = pd.Series([prompt] * len(pairs), dtype=pairs["prompt"].dtype)
    monkeypatch.setattr(shot, "pair_prompts", lambda: pairs)
    assert plot.timeline(shot).png


def test_a_missing_matplotlib_says_what_to_install(kit, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "matplotlib.figure", None)
    with pytest.raises(ConfigurationError, match=r"shotkit\[all\]"):
        plot.timeline(kit.shot(SHOT))
