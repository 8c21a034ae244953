"""Uploads into databases of the older eras: whole, in agreement with shot_data, and taken back."""

from io import BytesIO

import pytest
from PIL import Image

from shotkit.errors import ShotkitError


@pytest.fixture
def file(tmp_path):
    written = BytesIO()
    Image.new("RGB", (64, 36)).save(written, "PNG")
    (tmp_path / "a.png").write_bytes(written.getvalue())
    return tmp_path / "a.png"


def test_an_upload_is_whole_in_every_era_and_is_taken_back(world, kit, era, file):
    shot = kit.shot(world.shot())
    before = shot.links()["id"].to_list()
    change = kit.upload(shot, [file])
    [generation] = [row for row in change.stored.to_pylist() if row["id"] == change.op_id]
    variants = kit.generation(generation["generation_id"]).variants()
    assert variants["is_primary"].to_list() == [True]
    assert variants["variant_type"].to_list() == ["original"]
    assert kit.audit("0001").findings.empty
    if era == "a":  # there an original variant cannot be deleted
        with pytest.raises(ShotkitError, match="an original variant cannot be deleted"):
            kit.undo()
        assert len(shot.links()) == len(before) + 1
        return
    kit.undo()
    assert shot.links()["id"].to_list() == before
    kit.redo()
    assert shot.links()["id"].to_list() == [*before, change.op_id]
    assert kit.audit("0001").findings.empty
