"""Paths in storage: always below their owner, never out of their bucket."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shotkit import InvalidChangeError
from shotkit.storage import (
    check_path,
    file_extension,
    task_output_path,
    task_thumbnail_path,
    thumbnail_path,
    upload_path,
    video_thumbnail_path,
)

BUILDERS = [
    upload_path,
    thumbnail_path,
    lambda user, name: task_output_path(user, "task", name),
    lambda user, name: task_output_path(user, name, "file"),
    lambda user, name: task_thumbnail_path(user, "task", name),
    lambda user, name: task_thumbnail_path(user, name, "file"),
]


@pytest.mark.parametrize("build", BUILDERS)
@pytest.mark.parametrize("part", ["", ".", "..", "a/b", "../x", "a\\b", "a\0b", "a\nb"])
def test_a_part_that_could_leave_its_folder_is_refused(build, part):
    with pytest.raises(InvalidChangeError):
        build("user-1", part)
    with pytest.raises(InvalidChangeError):
        build(part, "name")


@pytest.mark.parametrize(
    "path",
    [
        "",
        "user-2/uploads/x",
        "/user-1/x",
        "user-1//x",
        "user-1/../user-2/x",
        "user-1/./x",
        "user-1\\x",
    ],
)
def test_a_path_that_is_not_below_its_owner_is_refused(path):
    with pytest.raises(InvalidChangeError):
        check_path(path, "user-1")


def test_the_thumbnail_of_a_video_is_named_by_its_generation():
    assert video_thumbnail_path("user-1", "g") == "user-1/thumbnails/g-thumb.jpg"


@given(st.text(), st.none() | st.text())
def test_an_extension_is_safe_in_any_path(name, mime):
    extension = file_extension(name, mime)
    assert extension
    assert not set(extension) - set("abcdefghijklmnopqrstuvwxyz0123456789+.-")
    check_path(f"user-1/uploads/file.{extension}", "user-1")


@pytest.mark.parametrize(
    ("name", "mime", "extension"),
    [
        ("A.PNG", None, "png"),
        ("a.jpeg", None, "jpeg"),
        ("a.tar.gz#x.mp4", None, "gz"),
        ("a.b c", "video/webm; codecs=vp9", "webm"),
        ("a", "image/JPEG", "jpg"),
        ("a", "image/../../x", "bin"),
        ("a", "image", "bin"),
    ],
)
def test_an_extension_comes_from_the_name_then_the_type(name, mime, extension):
    assert file_extension(name, mime) == extension
