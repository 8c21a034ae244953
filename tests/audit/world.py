"""A small world to audit: generations, shots and links, written past the triggers that keep them right."""

import json
from dataclasses import dataclass
from uuid import UUID

import psycopg

PROJECT, OTHER_PROJECT = str(UUID(int=0xA)), str(UUID(int=0xB))
G = [str(UUID(int=0x1000 + n)) for n in range(12)]
S = [str(UUID(int=0xABC000 + n)) for n in range(6)]  # with letters: their upper case is another key
GONE = str(UUID(int=0xDEAD))

Links = list[tuple[str, str, int | None]]


@dataclass
class World:
    """The tables behind shotkit's back; the session passes by triggers and foreign keys."""

    connection: psycopg.Connection

    def __post_init__(self) -> None:
        self.connection.execute("set session_replication_role = replica")

    def build(self, documents: dict[str, str | None], links: Links, project: str = PROJECT) -> None:
        """Leave exactly these: generations with their shot_data as JSON text (None: NULL), and links."""
        self.connection.execute(
            "delete from shot_generations; delete from generations; delete from shots; delete from projects"
        )
        with self.connection.cursor() as cursor:
            cursor.executemany(
                "insert into projects (id, name, user_id) values (%s, 'p', gen_random_uuid())",
                [[PROJECT], [OTHER_PROJECT]],
            )
            cursor.executemany(
                "insert into shots (id, name, project_id, position) values (%s, 's', %s, %s)",
                [(s, project, place) for place, s in enumerate(S)],
            )
            cursor.executemany(
                "insert into generations (id, project_id, shot_data) values (%s, %s, %s)",
                [(generation, project, document) for generation, document in documents.items()],
            )
            cursor.executemany(
                "insert into shot_generations (generation_id, shot_id, timeline_frame) values (%s, %s, %s)",
                links,
            )

    def store(self, generation: str, document: str | None) -> None:
        """Write one shot_data as JSON text."""
        done = self.connection.execute(
            "update generations set shot_data = %s where id = %s", (document, generation)
        )
        assert done.rowcount == 1

    def link(self, generation: str, shot: str, frame: int | None) -> None:
        """Add one link."""
        self.connection.execute(
            "insert into shot_generations (generation_id, shot_id, timeline_frame) values (%s, %s, %s)",
            (generation, shot, frame),
        )

    def stored(self, generation: str) -> object:
        """Read one shot_data."""
        return self.connection.execute(
            "select shot_data from generations where id = %s", [generation]
        ).fetchone()[0]

    def hashes(self) -> dict[str, str]:
        """Digest each generation's whole row, its place on the page included, so that any write shows."""
        rows = self.connection.execute("select id::text, md5(g::text || xmin || ctid) from generations g")
        return dict(rows.fetchall())

    def scalars_rule(self) -> None:
        """Make this a database of the older era: no list anywhere, no schema that shotkit made."""
        self.connection.execute("drop table if exists shotkit.migrations")


def rebuilt(links: Links, *, arrays: bool = True) -> dict[str, dict[str, object]]:
    """What shot_data should be: lists ascending, None last; as scalars the last written frame wins."""
    documents: dict[str, dict[str, list[int | None]]] = {}
    for generation, shot, frame in links:
        documents.setdefault(generation, {}).setdefault(shot, []).append(frame)
    return {
        generation: {shot: ordered(frames) if arrays else frames[-1] for shot, frames in document.items()}
        for generation, document in documents.items()
    }


def ordered(frames: list[int | None]) -> list[int | None]:
    return sorted(f for f in frames if f is not None) + [None] * frames.count(None)


def right_documents(generations: list[str], links: Links, *, arrays: bool = True) -> dict[str, str]:
    documents = rebuilt(links, arrays=arrays)
    return {generation: json.dumps(documents.get(generation, {})) for generation in generations}
