"""Rows of one test in a database of an era: two shots, two generations, and what is written to them."""

from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import psycopg

_BUILD = """
insert into users (id, name) values ('{user}', 'Ann');
insert into projects (id, name, user_id) values
    ('{project}', 'Film', '{user}'), ('{elsewhere}', 'Other', '{user}');
insert into shots (id, name, project_id, position) values
    ('{a}', 'A', '{project}', 1), ('{b}', 'B', '{project}', 2);
insert into generations (id, project_id, type) values
    ('{g}', '{project}', 'image'), ('{h}', '{project}', 'image');
"""
# One row a generation, what its links say: the reference that the audit's own text is not.
_REBUILT = """
select coalesce(jsonb_object_agg(shot_id, frames), '{}') from (
    select shot_id, jsonb_agg(timeline_frame order by timeline_frame nulls last) as frames
    from shot_generations where generation_id = %s group by shot_id
) as shot
"""


@dataclass
class Ground:
    """A connection and the ids of the rows by their names; a name that is new gets a new id."""

    connection: psycopg.Connection
    era: str
    ids: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.do(_BUILD)

    def __getitem__(self, name: str) -> str:
        return self.ids.setdefault(name, str(uuid4()))

    def do(self, statements: str) -> None:
        """Run statements in which {name} is the id of a row."""
        self.connection.execute(self.written(statements))

    def written(self, statements: str) -> str:
        """Put the ids into statements."""
        return statements.format_map(self)

    def one(self, statement: str) -> Any:
        """Return the single row of a statement, or its single value."""
        row = self.connection.execute(self.written(statement)).fetchone()
        return row[0] if row is not None and len(row) == 1 else row

    def link(self, shot: str, frame: int | None, name: str = "link", generation: str = "g") -> str:
        """Return the statement that puts a generation into a shot."""
        values = ", ".join(f"'{self[each]}'" for each in (name, shot, generation))
        return (
            "insert into shot_generations (id, shot_id, generation_id, timeline_frame) "
            f"values ({values}, {'null' if frame is None else frame});"
        )

    def stored(self, generation: str = "g") -> dict[str, Any]:
        """Return shot_data with the shots' names for their ids."""
        names = {id_: name for name, id_ in self.ids.items()}
        found = self.one(f"select shot_data from generations where id = '{self[generation]}'")
        return {names[shot]: cell for shot, cell in found.items()}

    def agrees(self, generation: str = "g") -> bool:
        """Whether shot_data says what the links say, in the shape of the era."""
        expected = self.connection.execute(_REBUILT, [self[generation]]).fetchone()[0]
        if self.era == "s":
            # One frame a shot cannot say what two links do.
            expected = {shot: frames[0] if len(frames) == 1 else frames for shot, frames in expected.items()}
        return bool(
            expected == self.one(f"select shot_data from generations where id = '{self[generation]}'")
        )
