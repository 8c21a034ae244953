import errno
import os
from pathlib import Path

import pytest

from shotkit.errors import CouldNotCompleteError, InvalidChangeError, NotFoundError
from shotkit.storage import BUCKETS, Store, location, parse_location, upload_path

USER = "0f0e0d0c-0000-5000-8000-000000000001"
OTHER = "0f0e0d0c-0000-5000-8000-000000000002"
PATH = upload_path(USER, "1768842000000-abcd1234.jpg")


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "storage")


def files(store):
    return sorted(path.relative_to(store.root).as_posix() for path in store.root.rglob("*") if path.is_file())


@pytest.mark.parametrize("bucket", BUCKETS)
def test_what_is_put_is_read_by_its_location(store, bucket):
    address = store.put(bucket, PATH, b"picture", user_id=USER)
    assert address == f"/storage/v1/object/public/{bucket}/{PATH}"
    assert store.read(address) == b"picture"
    assert store.open(address).read() == b"picture"
    assert store.exists(address)
    assert files(store) == [f"{bucket}/{PATH}"]


def test_a_host_and_a_query_string_are_ignored(store):
    address = store.put("image_uploads", PATH, b"picture", user_id=USER)
    for shown in (f"https://media.example.org{address}", f"{address}?token=secret", f"{address}#top"):
        assert store.read(shown) == b"picture"
    signed = address.replace("/public/", "/sign/")
    assert store.read(f"https://media.example.org{signed}?token=secret") == b"picture"


def test_a_path_with_spaces_and_signs_survives_its_location(store):
    path = f"{USER}/uploads/100% of it, two words? é #1.png"
    address = store.put("image_uploads", path, b"picture", user_id=USER)
    assert parse_location(address) == ("image_uploads", path)
    assert store.read(address) == b"picture"
    assert not set(" ?#") & set(address)


def test_a_second_put_takes_the_first_ones_place(store):
    store.put("image_uploads", PATH, b"first", user_id=USER)
    assert store.read(store.put("image_uploads", PATH, b"second", user_id=USER)) == b"second"
    assert len(files(store)) == 1


@pytest.mark.parametrize(
    "path",
    [
        f"{USER}/../{OTHER}/x.png",
        f"{USER}//x.png",
        f"{USER}/./x.png",
        f"{USER}\\x.png",
        f"{OTHER}/x.png",
        "x.png",
    ],
)
def test_a_path_that_leaves_its_owners_folder_is_refused(store, path):
    with pytest.raises(InvalidChangeError):
        store.put("image_uploads", path, b"", user_id=USER)
    assert not store.root.exists()


@pytest.mark.parametrize("escape", ["../", "%2e%2e/", "..%2f", "%2e%2e%2f%2e%2e%2f"])
def test_no_location_leads_out_of_the_store(store, escape):
    (store.root.parent / "secret").write_text("secret")
    with pytest.raises(InvalidChangeError, match="segment"):
        store.read(f"/storage/v1/object/public/image_uploads/{USER}/{escape * 9}secret")


def test_an_unknown_bucket_is_refused_by_name(store):
    for refused in (
        lambda: store.put("videos", PATH, b"", user_id=USER),
        lambda: location("..", PATH),
    ):
        with pytest.raises(InvalidChangeError, match="no bucket"):
            refused()
    with pytest.raises(NotFoundError, match="'videos'"):
        store.read(f"https://x.supabase.co/storage/v1/object/sign/videos/{PATH}?token=x")


@pytest.mark.parametrize(
    "address", ["blob:https://x/1", "https://elsewhere.example.org/x.png", "/placeholder.svg", ""]
)
def test_what_is_no_location_says_what_one_looks_like(address):
    with pytest.raises(NotFoundError, match="/storage/v1/object/public/BUCKET/PATH"):
        parse_location(address)


def test_a_missing_file_is_named_without_its_token(store):
    with pytest.raises(NotFoundError) as caught:
        store.read(f"{location('image_uploads', PATH)}?token=secret")
    assert PATH in str(caught.value)
    assert "secret" not in str(caught.value)
    assert not store.exists(location("image_uploads", PATH))


def test_a_full_disk_is_told_and_leaves_what_stood_there(store, monkeypatch):
    address = store.put("image_uploads", PATH, b"first", user_id=USER)

    def full(path, value):
        Path(path).write_bytes(value[:1])
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(store._files, "pipe_file", full)
    with pytest.raises(CouldNotCompleteError, match="No space is left"):
        store.put("image_uploads", PATH, b"second", user_id=USER)
    assert store.read(address) == b"first"
    assert len(files(store)) == 1


def test_a_folder_that_cannot_be_written_is_told_in_one_line(tmp_path):
    (tmp_path / "storage").write_text("a file where the folder should be")
    with pytest.raises(CouldNotCompleteError) as caught:
        Store(tmp_path / "storage").put("image_uploads", PATH, b"", user_id=USER)
    assert "\n" not in str(caught.value)


def test_a_break_in_mid_write_leaves_nothing(store, monkeypatch):
    def broken(path, value):
        Path(path).write_bytes(value[:1])
        raise KeyboardInterrupt

    monkeypatch.setattr(store._files, "pipe_file", broken)
    with pytest.raises(KeyboardInterrupt):
        store.put("image_uploads", PATH, b"picture", user_id=USER)
    assert files(store) == []
