"""Who reaches the embedded server, and from where: any folder of its user, and nobody else."""

import os
import socket
from pathlib import Path

import psycopg
import pytest

from shotkit.engine import embedded
from shotkit.engine.cluster import Cluster, bundled_binaries
from shotkit.errors import EmbeddedServerError
from tests.engine.clients import client, running


def test_a_path_with_blanks_quotes_and_shell_words_or_a_long_one_works(tmp_path):
    for name in ("a b,'c' \"d\" $(touch x) ;é", "long" * 40):
        place = tmp_path / name
        with client(place) as only:
            assert only.says().startswith("2")
            assert running(place)
            only.leave()
        assert not running(place)
    assert not list(tmp_path.rglob("x"))
    assert not embedded._cluster(place)._socket.parent.exists()


def test_the_environment_of_libpq_does_not_lead_astray(made):
    address = {"PGHOSTADDR": "127.0.0.1", "PGPORT": "1", "PGDATABASE": "no", "PGUSER": "no", "PGDATA": "/no"}
    with client(made, **address, PGCLIENTENCODING="LATIN1") as astray, client(made) as straight:
        assert astray.says() == straight.says()
        with psycopg.connect(embedded._cluster(made).conninfo()) as session:
            assert session.execute("show client_encoding").fetchone() == ("UTF8",)
        for one in (astray, straight):
            one.leave()


def test_nobody_else_can_reach_it(made):
    with client(made) as only:
        only.says()
        assert (made / "postgres").stat().st_mode & 0o077 == 0
        settings = (made / "postgres/postmaster.opts").read_text()
        assert "listen_addresses=" in settings
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", 5432)) != 0
        only.leave()


def test_a_socket_folder_that_somebody_else_made_is_refused(tmp_path):
    cluster = Cluster(tmp_path / ("long" * 40), bundled_binaries())
    folder = Path(psycopg.conninfo.conninfo_to_dict(cluster.conninfo())["host"])
    folder.mkdir(mode=0o777)
    try:
        cluster.create()
        with pytest.raises(EmbeddedServerError, match="is not private"):
            cluster.start()
    finally:
        folder.rmdir()


@pytest.mark.skipif(os.geteuid() != 0, reason="root alone hands its folder over")
def test_root_opens_the_way_to_its_home_for_passing_through_only(tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    with client(closed / "home") as only:
        assert only.says().startswith("2")
        only.leave()
    assert closed.stat().st_mode & 0o777 == 0o701
    assert (closed / "home").stat().st_mode & 0o777 == 0o701
