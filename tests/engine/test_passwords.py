"""Where a password may come from: the address, .pgpass, a service file, the environment, the keyring."""

import keyring
import keyring.backend
import keyring.errors
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from shotkit.engine import open_database
from shotkit.errors import ConfigurationError, ServerUnreachableError
from tests.engine.conftest import ONE, SECRET, statement

ON_ONE_SERVER = "libpq finds them, or the keyring"


class Held(keyring.backend.KeyringBackend):
    """A keyring of this process's own."""

    priority = 1
    held: dict[tuple[str, str], str] = {("shotkit", "canary"): SECRET}  # noqa: RUF012  set once, above

    def get_password(self, service, username):
        if service == "locked":
            raise keyring.errors.KeyringLocked(SECRET)
        return self.held.get((service, username))

    def set_password(self, service, username, password):
        raise NotImplementedError

    def delete_password(self, service, username):
        raise NotImplementedError


@pytest.fixture
def parts(guarded, monkeypatch, tmp_path):
    """Where the guarded server is, as whom, and none of the passwords that this machine may know."""
    found = conninfo_to_dict(guarded)
    for name in ("PGPASSWORD", "PGSERVICE", "PGHOST", "SHOTKIT_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PGPASSFILE", str(tmp_path / "none"))
    used = keyring.get_keyring()
    keyring.set_keyring(Held())
    yield {name: found[name] for name in ("host", "port", "dbname", "user")}
    keyring.set_keyring(used)


def in_the_url(parts, monkeypatch, tmp_path):
    return f"postgresql://canary:{SECRET}@/{parts['dbname']}?host={parts['host']}&port={parts['port']}"


def in_the_address(parts, monkeypatch, tmp_path):
    return make_conninfo(**parts, password=SECRET)


def in_shotkit_url(parts, monkeypatch, tmp_path):
    monkeypatch.setenv("SHOTKIT_URL", make_conninfo(**parts, password=SECRET))


def in_the_environment(parts, monkeypatch, tmp_path):
    names = {"host": "PGHOST", "port": "PGPORT", "dbname": "PGDATABASE", "user": "PGUSER"}
    for name, value in parts.items():
        monkeypatch.setenv(names[name], value)
    monkeypatch.setenv("PGPASSWORD", SECRET)


def in_pgpass(parts, monkeypatch, tmp_path):
    (tmp_path / "pgpass").write_text(f"*:{parts['port']}:*:canary:{SECRET}\n")
    (tmp_path / "pgpass").chmod(0o600)
    monkeypatch.setenv("PGPASSFILE", str(tmp_path / "pgpass"))
    return make_conninfo(**parts)


def in_a_service_file(parts, monkeypatch, tmp_path):
    lines = [f"{name}={value}" for name, value in {**parts, "password": SECRET}.items()]
    (tmp_path / "services").write_text("\n".join(["[film]", *lines, ""]))
    monkeypatch.setenv("PGSERVICEFILE", str(tmp_path / "services"))
    return "service=film"


def in_a_named_service(parts, monkeypatch, tmp_path):
    monkeypatch.setenv("PGSERVICE", in_a_service_file(parts, monkeypatch, tmp_path).partition("=")[2])


def in_the_keyring(parts, monkeypatch, tmp_path):
    return f"{make_conninfo(**parts)} keyring=shotkit"


def in_the_keyring_by_url(parts, monkeypatch, tmp_path):
    return f"postgresql://canary@/postgres?keyring=shotkit&host={parts['host']}&port={parts['port']}"


def in_the_keyring_by_environment(parts, monkeypatch, tmp_path):
    monkeypatch.setenv("SHOTKIT_KEYRING", "shotkit")
    return make_conninfo(**parts)


WAYS = (
    in_the_url,
    in_the_address,
    in_shotkit_url,
    in_the_environment,
    in_pgpass,
    in_a_service_file,
    in_a_named_service,
    in_the_keyring,
    in_the_keyring_by_url,
    in_the_keyring_by_environment,
)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_a_password_is_found_and_never_shown(parts, monkeypatch, tmp_path, way):
    database = open_database(way(parts, monkeypatch, tmp_path))
    assert database.rows(ONE) == [{"one": 1}]
    with database.stream() as stream:
        assert stream.rows(statement("select current_user::text as me")) == [{"me": "canary"}]
    assert SECRET not in f"{database!r} {database.name}"
    database.close()


def test_without_one_it_is_said_what_may_be_given(parts):
    with pytest.raises(ServerUnreachableError, match=r"PGPASSWORD or ~/\.pgpass"):
        open_database(make_conninfo(**parts))


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("user=nobody keyring=shotkit", "keyring set shotkit nobody"),
        ("user=canary keyring=locked", r"did not answer \(KeyringLocked\)"),
        ("host=there keyring=shotkit", "needs a user too"),
    ],
)
def test_a_keyring_that_has_none_is_told(parts, address, told):
    with pytest.raises(ConfigurationError, match=told) as refused:
        open_database(address)
    assert SECRET not in f"{refused.value} {refused.value.__cause__}"


def test_without_the_package_the_way_out_is_told(parts, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "keyring", None)
    with pytest.raises(ConfigurationError, match=r"pip install 'shotkit\[keyring\]'"):
        open_database("user=canary keyring=shotkit")


def test_a_password_in_the_address_comes_before_the_keyring(parts):
    open_database(f"{make_conninfo(**parts, password=SECRET)} keyring=locked").close()
