import pytest

from tests.widgets.page import installed


@pytest.fixture
def page(monkeypatch):
    return installed(monkeypatch)
