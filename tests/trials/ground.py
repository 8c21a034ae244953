"""What the trials stand on: a throwaway server, one shot, and a look at what is stored."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from shotkit.audit import run
from shotkit.engine import Database
from shotkit.engine.cluster import BUNDLED, Cluster
from shotkit.schema.migrations import push
from tests.plugins.servers import binaries_of

Frames = dict[str, int | None]


@contextmanager
def server(version: str = str(BUNDLED), **settings: str) -> Iterator[Cluster]:
    """A server with its settings as they come, so that commits outlive a crash; it notes their times."""
    folder = Path(tempfile.mkdtemp(prefix="shotkit-trial-"))
    cluster = Cluster(folder / "data", binaries_of(version))
    try:
        cluster.create()
        cluster.start(max_connections="60", track_commit_timestamp="on", **settings)
        yield cluster
    finally:
        if cluster.running():
            cluster.stop()
        shutil.rmtree(folder)


@dataclass
class Ground:
    """A database with one shot of `links` images."""

    conninfo: str
    shot: str
    project: str

    @classmethod
    def make(cls, conninfo: str, links: int = 12) -> "Ground":
        with psycopg.connect(conninfo, autocommit=True) as connection:
            [user] = connection.execute("insert into users (name) values ('Ada') returning id").fetchone()
            [project] = connection.execute(
                "insert into projects (name, user_id) values ('Film', %s) returning id::text", (user,)
            ).fetchone()
            [shot] = connection.execute(
                "insert into shots (name, project_id) values ('Dawn', %s) returning id::text", (project,)
            ).fetchone()
            connection.execute(
                "with made as (insert into generations (project_id, location, type)"
                " select %s, '/' || n || '.png', 'image' from generate_series(1, %s) as n returning id)"
                " insert into shot_generations (shot_id, generation_id, timeline_frame)"
                " select %s, id, 10 * (row_number() over () - 1) from made",
                (project, links, shot),
            )
        return cls(conninfo, shot, project)

    @classmethod
    def on(cls, cluster: Cluster, name: str, links: int = 12) -> "Ground":
        """Make the database too, with the schema."""
        with psycopg.connect(cluster.conninfo(), autocommit=True) as admin:
            admin.execute(f"create database {name}_scratch")
        database = Database(cluster.conninfo(f"{name}_scratch"))
        push(database)
        database.close()
        return cls.make(cluster.conninfo(f"{name}_scratch"), links)

    def frames(self) -> Frames:
        with psycopg.connect(self.conninfo) as connection:
            return dict(
                connection.execute(
                    "select id::text, timeline_frame from shot_generations where shot_id = %s"
                    " order by timeline_frame nulls last, created_at, id",
                    (self.shot,),
                ).fetchall()
            )

    def a_generation(self) -> str:
        """The id of one that is there from the first."""
        with psycopg.connect(self.conninfo) as connection:
            return connection.execute("select min(id::text) from generations").fetchone()[0]

    def metadata(self) -> dict[str, dict]:
        with psycopg.connect(self.conninfo) as connection:
            return dict(
                connection.execute(
                    "select id::text, coalesce(metadata, '{}') from shot_generations where shot_id = %s",
                    (self.shot,),
                ).fetchall()
            )

    def findings(self) -> int:
        """How many errors and warnings the audits report."""
        database = Database(self.conninfo)
        try:
            found = run(database).findings
            return int((found["level"] != "info").sum())
        finally:
            database.close()
