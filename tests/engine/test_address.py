"""Which database is opened, and that no text of ours ever shows a secret."""

import traceback
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from shotkit.engine import resolve
from shotkit.engine.address import shown
from shotkit.errors import ConfigurationError

SECRET = "s3cr3t-canary"  # noqa: S105  a canary, no secret
EVERYTHING = {"SHOTKIT_URL": "postgresql://a/x", "PGSERVICE": "b", "PGHOST": "c"}


def parts(url, environ=None):
    return conninfo_to_dict(resolve(url, environ or {}).conninfo)


def refusal(url, environ=None):
    with pytest.raises(ConfigurationError) as caught:
        resolve(url, environ or {})
    told = "".join(traceback.format_exception(caught.value, chain=True))
    assert SECRET not in told
    assert caught.value.__context__ is None  # a hidden context would still carry it
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_the_argument_comes_first_then_shotkit_url_then_service_then_host_then_the_embedded_server():
    environ = dict(EVERYTHING)
    assert parts("postgresql://given/x", environ)["host"] == "given"
    assert parts(None, environ) == {"host": "a", "dbname": "x"}
    del environ["SHOTKIT_URL"]
    assert parts(None, environ) == {"service": "b"}
    del environ["PGSERVICE"]
    assert parts(None, environ) == {"host": "c"}
    assert resolve(None, {}).embedded
    assert not resolve(None, environ).embedded


def test_an_empty_variable_of_libpq_counts_as_unset_as_it_does_there():
    assert resolve(None, {"PGSERVICE": "", "PGHOST": ""}).embedded


@pytest.mark.parametrize("empty", ["", " "])
def test_an_empty_shotkit_url_never_leads_to_another_database(empty):
    assert "SHOTKIT_URL is set and empty" in refusal(None, {"SHOTKIT_URL": empty, "PGHOST": "h"})
    assert resolve("postgresql://h/x", {"SHOTKIT_URL": empty}).source == "argument"


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg", "POSTGRESQL"])
def test_all_usual_schemes_are_taken(scheme):
    assert parts(f"{scheme}://me:pw@db.example:6543/app?application_name=x") == {
        "user": "me",
        "password": "pw",
        "host": "db.example",
        "port": "6543",
        "dbname": "app",
        "application_name": "x",
    }


def test_key_value_pairs_a_service_and_blanks_around_them_are_taken():
    assert parts(" host=h dbname='my db'\n") == {"host": "h", "dbname": "my db"}
    assert parts("service=prod") == {"service": "prod"}


def test_encoded_passwords_several_hosts_and_ipv6_are_taken():
    found = parts("postgresql://u:p%40%2F%3A%23@[::1]:5432,h2:5433/db")
    assert found.items() >= {"password": "p@/:#", "host": "::1,h2", "port": "5432,5433"}.items()


def test_the_environment_fills_host_port_database_and_user():
    environ = {"PGHOST": "h", "PGPORT": "6000", "PGDATABASE": "d", "PGUSER": "u", "PGPASSWORD": SECRET}
    address = resolve(None, environ)
    assert str(address) == "host=h port=6000 dbname=d user=u"


@pytest.mark.parametrize(
    ("url", "words"),
    [
        (f"mysql://u:{SECRET}@h/x", "begins with mysql://"),
        (f"https://u:{SECRET}@h/x", "begins with https://"),
        (f"postgresql://u:{SECRET}@h:abc/x", "port"),
        (f"postgresql://u:{SECRET}@h:99999/x", "port"),
        (f"postgresql://u:{SECRET}@h:0/x", "port"),
        (f"postgresql://u:{SECRET}@h1:5432,h2:x/x", "port"),
        (f"postgresql://u:{SECRET}@[::1/x", "malformed"),
        (f"postgresql://u:{SECRET}%zz@h/x", "malformed"),
        (f"postgresql://u:{SECRET}%00@h/x", "malformed"),
        (f"postgresql://u:p@{SECRET}@h/x", "%40"),
        (f"postgresql://u:p/{SECRET}@h/x", "%2F"),
        (f"postgresql://u:p?@{SECRET}@h/x", "%40"),
        (f"postgresql://u@h/x?password={SECRET}&no_such=1", "malformed"),
        (f"host=h password='{SECRET}", "malformed"),
        (f"host=h password={SECRET} no_such=1", "malformed"),
        (f"u:{SECRET}@h/x", "malformed"),
        (f"host=h dbname=postgresql://u:{SECRET}@h/x", "database name"),
        (f"postgresql://u:{SECRET}@h/x%0Ay", "control character"),
        (f"postgresql://u:{SECRET}\x00@h/x", "control character"),
        ("service=", "empty"),
        ("", "empty"),
        ("é" * 5000, "malformed"),
        (f"u:{SECRET}", "malformed"),
    ],
)
def test_a_wrong_address_is_refused_in_one_line_that_shows_no_secret(url, words):
    assert words in refusal(url)


@pytest.mark.parametrize("variable", ["SHOTKIT_URL", "PGHOST"])
def test_a_refusal_names_the_variable_that_held_the_address(variable):
    assert variable in refusal(None, {variable: "postgresql://h\nx"})


@pytest.mark.parametrize("name", ["shots.duckdb", "shots.parquet", "manifest.json"])
def test_a_file_is_refused_by_name(tmp_path, name):
    (tmp_path / "manifest.json").touch()
    assert "is a file; give the folder of a snapshot" in refusal(str(tmp_path / name))


@pytest.mark.parametrize("name", ["friady", "./backups/friady", "/no/such folder"])
def test_a_folder_that_is_not_there_is_named(name):
    assert f"{name!r}, is no folder that there is" in refusal(name)


def test_a_folder_is_that_of_a_snapshot(tmp_path):
    address = resolve(str(tmp_path))
    assert address.folder == tmp_path
    assert str(address) == f"the snapshot {tmp_path}"
    assert resolve(environ={"SHOTKIT_URL": str(tmp_path)}).folder == tmp_path


def test_a_wrong_port_in_the_environment_is_refused():
    assert "port" in refusal(None, {"PGHOST": "h", "PGPORT": "abc"})


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql://u:{SECRET}@h:5432/db?sslpassword={SECRET}&oauth_client_secret={SECRET}",
        f"postgresql://u:{SECRET}@[::1]:5432,h2:5433/db",
        f"host=h user=u password='{SECRET}' sslkey={SECRET} options='-c x={SECRET}'",
        "postgresql://u@h/db?password=" + "".join(f"%{ord(c):02x}" for c in SECRET),
    ],
)
def test_texts_show_where_an_address_leads_and_never_its_secrets(url):
    address = resolve(url, {})
    assert SECRET in address.conninfo
    for text in (str(address), repr(address), f"{[address]}"):
        assert SECRET not in text
        assert "user=u" in text


@given(st.text(st.characters(blacklist_categories=["Cs", "Cc"]), min_size=9))
def test_no_password_whatever_it_holds_is_shown(password):
    assert password not in shown(make_conninfo(host="h", user="u", dbname="d", password=password))


@given(st.text())
def test_any_text_is_an_address_or_a_configuration_error(text):
    with suppress(ConfigurationError):
        resolve(text, {})
