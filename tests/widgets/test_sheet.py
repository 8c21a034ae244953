"""The contact sheet of a saved notebook: small, the same every time, without addresses."""

import json
from base64 import b64decode
from io import BytesIO
from pathlib import Path

import nbformat
import pytest
from nbconvert import HTMLExporter, MarkdownExporter
from PIL import Image
from traitlets.config import Config

from shotkit.storage import Store
from shotkit.widgets.pictures import Pictures
from shotkit.widgets.sheet import MOST_BYTES, MOST_TILES, Tile, contact_sheet, with_sheet

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
VIEW = "application/vnd.jupyter.widget-view+json"
USER = "0b7e1f52-7a0f-4b52-9d6c-2f8f5f7f6a01"


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path)


def noise(store, number):
    """A picture that no encoder can make small."""
    written = BytesIO()
    bands = [Image.effect_noise((112, 63), 120) for _ in range(3)]
    Image.merge("RGB", bands).save(written, "PNG")
    return store.put("image_uploads", f"{USER}/uploads/{number}.png", written.getvalue(), user_id=USER)


def tile(location, thumbnail_url=None, caption=""):
    return Tile((location, thumbnail_url, False), caption)


def opened(png):
    return Image.open(BytesIO(png)).convert("RGB")


def test_the_same_tiles_give_the_same_bytes(store):
    tiles = [tile(noise(store, number), caption=f"frame {number}") for number in range(3)]
    first, second = (contact_sheet(tiles, Pictures(store), title="shot") for _ in range(2))
    assert first == second
    assert opened(first[0]).size == first[1]


def test_even_noise_stays_below_the_bound(store):
    tiles = [tile(noise(store, number)) for number in range(MOST_TILES)]
    png, _ = contact_sheet(tiles, Pictures(store), title="noise")
    assert 50_000 < len(png) <= MOST_BYTES


def test_a_large_shot_shows_its_first_images_and_is_no_larger(store):
    one = tile(noise(store, 1))
    few, _ = contact_sheet([one] * MOST_TILES, Pictures(store), title="a")
    many, size = contact_sheet([one] * 1_000, Pictures(store), title="a")
    assert opened(few).size == size
    assert few != many  # its head says how many there are


def test_nothing_to_show_is_a_head_without_pictures(store):
    png, size = contact_sheet([], Pictures(store), title="empty")
    assert opened(png).size == size
    assert size[1] < 50


def test_what_is_missing_a_film_or_on_the_web_is_drawn_as_such(store):
    tiles = [tile("/nowhere"), tile("/a.mp4"), tile("https://example.org/a.png?token=SECRET"), tile(None)]
    image = opened(contact_sheet(tiles, Pictures(store), title="t")[0])
    grounds = [image.getpixel((12 + 120 * column, 60)) for column in range(4)]
    assert len(set(grounds)) == 3
    assert grounds[0] == grounds[3]


def test_a_hostile_caption_is_cut_and_drawn_without_breaking(store):
    for caption in ("x" * 10_000, "\u202eevil\u0000\n\ud800", "日本語", "<script>"):
        png, size = contact_sheet([tile(None, caption=caption)], Pictures(store), title=caption)
        assert opened(png).size == size


def test_the_bundle_keeps_the_live_view_and_tells_no_token(store):
    bundle = (
        {"text/plain": "<Gallery>", "application/vnd.jupyter.widget-view+json": {"model_id": "1"}},
        {"a": 1},
    )
    tiles = [tile("https://example.org/a.png?token=SECRET", "https://example.org/t.png?token=SECRET")]
    data, metadata = with_sheet(bundle, tiles, Pictures(store), title="gallery of 1")
    assert data.keys() == {"text/plain", "application/vnd.jupyter.widget-view+json", "image/png"}
    assert b64decode(data["image/png"]).startswith(b"\x89PNG")
    assert metadata["a"] == 1
    assert metadata["image/png"]["alt"] == "gallery of 1"
    assert "SECRET" not in json.dumps([data, metadata])
    assert b"SECRET" not in b64decode(data["image/png"])


def test_nbconvert_shows_the_sheet_where_no_state_of_widgets_is_saved(store):
    view = {
        "application/vnd.jupyter.widget-view+json": {"version_major": 2, "version_minor": 0, "model_id": "1"}
    }
    bundle = ({"text/plain": "<Gallery>"} | view, {})
    data, metadata = with_sheet(bundle, [tile(noise(store, 1))], Pictures(store), title="gallery of 1")
    output = nbformat.v4.new_output("display_data", data=data, metadata=metadata)
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("gallery", outputs=[output])])
    nbformat.validate(notebook)
    page, _ = HTMLExporter().from_notebook_node(notebook)
    assert f"data:image/png;base64,{data['image/png']}" in page
    assert "widget-view" not in page.partition("<body")[2]
    _, resources = MarkdownExporter().from_notebook_node(notebook)
    assert list(resources["outputs"].values()) == [b64decode(data["image/png"])]


def converted(notebook, **settings):
    """The body of a notebook's page, and the pictures of its widgets, which are to be in it."""
    config = Config({name: {"enabled": True, **given} for name, given in settings.items()})
    page, _ = HTMLExporter(config=config).from_notebook_node(notebook)
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    sheets = [output["data"]["image/png"] for output in outputs if VIEW in output.get("data", {})]
    return page.partition("<body")[2], ["".join(sheet.split()) for sheet in sheets]


def with_state(notebook):
    """The same with the state of its widgets, as `nbconvert --execute` stores it, and JupyterLab if asked."""
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    views = [output["data"][VIEW]["model_id"] for output in outputs if VIEW in output.get("data", {})]
    model = {"model_name": "AnyModel", "model_module": "anywidget", "model_module_version": "~0.9.*"}
    state = {id_: {**model, "state": {"state": {"note": "saved state"}}} for id_ in views}
    saved = {"state": state, "version_major": 2, "version_minor": 0}
    notebook.metadata["widgets"] = {"application/vnd.jupyter.widget-state+json": saved}
    return notebook


@pytest.fixture(params=["03_timeline", "04_variants"])
def notebook(request):
    return nbformat.read(NOTEBOOKS / f"{request.param}.ipynb", as_version=4)


def test_our_notebooks_show_their_sheets_and_neither_json_nor_a_token(notebook):
    page, sheets = converted(notebook)
    assert sheets
    for sheet in sheets:
        assert sheet in "".join(page.split())
    assert "model_id" not in page
    assert "widget-view" not in page
    assert "token=" not in page


def test_with_the_state_of_widgets_saved_the_sheets_show_where_metadata_is_cleared(notebook):
    live, _ = converted(with_state(notebook))
    assert VIEW in live
    page, sheets = converted(with_state(notebook), ClearMetadataPreprocessor={})
    for sheet in sheets:
        assert sheet in "".join(page.split())
    assert "saved state" not in page
    assert "model_id" not in page
