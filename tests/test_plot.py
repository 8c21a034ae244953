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
