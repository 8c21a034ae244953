"""What the stories of the schema are told with: a user, his project, and rows made in one line each."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import psycopg

# Judged apart from the trigger: flattened to cells and counted, not rebuilt and compared.
DRIFTED = """
    with stored as (
        select generation.id as generation_id, shot.key as shot_id, frame.ordinal, frame.value as frame
        from generations as generation, jsonb_each(shot_data) as shot (key, frames),
            jsonb_array_elements(frames) with ordinality as frame (value, ordinal)
    ), linked as (
        select generation_id, shot_id::text, coalesce(to_jsonb(timeline_frame), 'null') as frame,
            row_number() over (
                partition by generation_id, shot_id order by timeline_frame nulls last
            ) as ordinal
        from shot_generations
    )
    select count(distinct generation_id) from stored full join linked using (generation_id, shot_id, ordinal)
    where stored.frame is distinct from linked.frame
"""


class World:
    def __init__(self, connection: psycopg.Connection) -> None:
        self.connection = connection
        self.user = self.new_user()
        self.project = self.new_project()

    def run(self, statement: str, *values: object) -> psycopg.Cursor:
        return self.connection.execute(statement, values)

    def one(self, statement: str, *values: object) -> object:
        """The only value of the only row."""
        [(value,)] = self.run(statement, *values).fetchall()
        return value

    def new_user(self) -> UUID:
        return self.one("insert into users (name) values ('ada') returning id")

    def new_project(self, user: UUID | None = None) -> UUID:
        return self.one(
            "insert into projects (name, user_id) values ('film', %s) returning id", user or self.user
        )

    def shot(self, name: str = "shot", project: UUID | None = None) -> UUID:
        return self.one(
            "insert into shots (name, project_id) values (%s, %s) returning id", name, project or self.project
        )

    def generation(
        self, location: str | None = None, project: UUID | None = None, kind: str = "image"
    ) -> UUID:
        return self.one(
            "insert into generations (location, thumbnail_url, name, params, type, project_id)"
            " values (%s, 'thumb', 'name', '{\"seed\": 1}', %s, %s) returning id",
            location,
            kind,
            project or self.project,
        )

    def link(self, shot: UUID, generation: UUID, frame: int | None = None) -> UUID:
        return self.one(
            "insert into shot_generations (shot_id, generation_id, timeline_frame)"
            " values (%s, %s, %s) returning id",
            shot,
            generation,
            frame,
        )

    def variant(self, generation: UUID, location: str = "new", *, primary: bool = False) -> UUID:
        return self.one(
            "insert into generation_variants (generation_id, location, is_primary, created_at)"
            " values (%s, %s, %s, clock_timestamp()) returning id",
            generation,
            location,
            primary,
        )

    def shot_data(self, generation: UUID) -> dict[str, list[int | None]]:
        return self.one("select shot_data from generations where id = %s", generation)

    def drifted(self) -> int:
        """How many generations' shot_data disagrees with their links."""
        return self.one(DRIFTED)

    def check_deferred(self) -> None:
        """Check what a commit would check."""
        self.run("set constraints all immediate")
        self.run("set constraints all deferred")

    @contextmanager
    def acting(self, role: str, user: UUID | None = None) -> Iterator[None]:
        """Act as a role, and as a user under row level security."""
        claims = json.dumps({"sub": str(user), "role": role}) if user else ""
        self.run(
            "select set_config('role', %s, true), set_config('request.jwt.claims', %s, true)", role, claims
        )
        try:
            yield
        finally:
            if self.connection.info.transaction_status != psycopg.pq.TransactionStatus.INERROR:
                self.run("reset role")
                self.run("select set_config('request.jwt.claims', '', true)")
