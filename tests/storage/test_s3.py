"""The buckets behind an S3 endpoint: a real server on this machine, spoken to as Supabase's is."""

import re
import sys
from urllib.request import urlopen

import pytest
import s3fs

from shotkit.errors import ConfigurationError, CouldNotCompleteError, InvalidChangeError, NotFoundError
from shotkit.storage import S3Store, Store, open_store, upload_path
from tests.storage.conftest import KEYS

USER = "0f0e0d0c-0000-5000-8000-000000000001"
OTHER = "0f0e0d0c-0000-5000-8000-000000000002"
PATH = upload_path(USER, "1768842000000-abcd1234.jpg")


def test_what_is_put_is_read_listed_and_removed_by_its_public_address(store):
    address = store.put("image_uploads", PATH, b"picture", user_id=USER)
    assert address == f"https://ref.supabase.co/storage/v1/object/public/image_uploads/{PATH}"
    assert store.read(f"{address}?token=old") == b"picture"
    assert store.exists(address)
    [file] = store.files("image_uploads", f"{USER}/uploads")
    assert (file.location, file.bytes) == (address, 7)
    assert file.written.tzinfo
    store.remove(address)
    store.remove(address)
    assert not store.exists(address)
    assert store.files("image_uploads", f"{USER}/uploads") == []
    with pytest.raises(NotFoundError, match="abcd1234"):
        store.read(address)


def test_an_address_is_public_or_signed_for_a_time(store):
    address = store.put("training-data", PATH, b"film", user_id=USER)
    with pytest.raises(ConfigurationError, match="'training-data' is private; say for how many seconds"):
        store.address(address)
    signed = store.address(address, seconds=60)
    assert "Signature=" in signed
    with urlopen(signed) as answer:  # noqa: S310  its own server's
        assert answer.read() == b"film"
    for wrong in (0, -1, 10**9):
        with pytest.raises(ConfigurationError, match="signed for 1 to 604800 seconds"):
            store.address(address, seconds=wrong)
    shown = store.put("image_uploads", PATH, b"picture", user_id=USER)
    assert store.address(f"{shown}?token=old") == shown


def test_the_local_folder_has_addresses_too(tmp_path):
    local = Store(tmp_path)
    address = local.put("image_uploads", PATH, b"picture", user_id=USER)
    with urlopen(local.address(address)) as answer:  # noqa: S310  a file of its own
        assert answer.read() == b"picture"


@pytest.mark.parametrize("path", [f"{OTHER}/x.png", f"{USER}/../{OTHER}/x.png", f"{USER}//x.png", "x.png"])
def test_a_path_that_leaves_its_owners_folder_is_refused(store, path):
    with pytest.raises(InvalidChangeError):
        store.put("image_uploads", path, b"", user_id=USER)
    with pytest.raises(InvalidChangeError, match="no bucket"):
        store.put("videos", PATH, b"", user_id=USER)


def test_keys_are_never_shown(store, monkeypatch):
    nowhere = S3Store("http://127.0.0.1:1", **KEYS)
    nowhere._files.retries = 1
    nowhere._files.config_kwargs |= {"retries": {"max_attempts": 0}}
    with pytest.raises(CouldNotCompleteError, match=r"127\.0\.0\.1:1.*Check the endpoint") as caught:
        nowhere.put("image_uploads", PATH, b"", user_id=USER)
    assert "canary" not in f"{caught.value}{store!r}{store.where}{vars(store)}"
    with pytest.raises(ConfigurationError) as refused:
        S3Store("https://canary-key:canary-secret@host/path")
    assert "canary" not in str(refused.value)


def test_the_environment_names_the_endpoint_else_it_is_the_local_folder(endpoint, tmp_path):
    assert open_store(tmp_path, {}).root == tmp_path
    made = open_store(tmp_path, {"SHOTKIT_STORAGE": "https://ref.supabase.co/storage/v1/s3"})
    assert made.location("image_uploads", PATH).startswith(
        "https://ref.supabase.co/storage/v1/object/public/"
    )
    direct = open_store(tmp_path, {"SHOTKIT_STORAGE": "https://ref.storage.supabase.co/storage/v1/s3"})
    assert direct.public == "https://ref.supabase.co"
    own = {"SHOTKIT_STORAGE": endpoint, "SHOTKIT_STORAGE_PUBLIC": "https://media.example.org"}
    assert open_store(tmp_path, own).public == "https://media.example.org"


def test_without_s3fs_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "s3fs", None)
    with pytest.raises(ConfigurationError, match=re.escape("pip install 'shotkit[s3]'")):
        S3Store("https://ref.supabase.co/storage/v1/s3")


def test_what_is_signed_and_shown_is_no_cached_listing(store):
    assert isinstance(store._files, s3fs.S3FileSystem)
    assert not store._files.dircache.use_listings_cache
