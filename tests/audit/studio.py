"""A small studio in which every audit is clean, with an id for each row: the place of the audits' stories."""

from uuid import UUID

import psycopg

USERS = ("ann", "bob")
ROWS = (
    *USERS, "film_project", "other_project", "shot_a", "shot_b", "shot_c",
    "image", "second", "film", "segment", "next_segment", "edit", "placeholder", "theirs",
    "link_image", "link_second", "link_film", "link_placeholder", "link_theirs",
    "original", "upscale", "of_second", "of_film", "of_segment", "of_next", "of_edit", "of_theirs",
    "made", "queued", "spend", "nobody",
)  # fmt: skip
IDS = {name: str(UUID(int=0xA000 + number)) for number, name in enumerate(ROWS)}
FILES = "/storage/v1/object/public/image_uploads"

_BUILD = """
insert into users (id, name) values ('{ann}', 'Ann'), ('{bob}', 'Bob');
insert into projects (id, name, user_id) values
    ('{film_project}', 'Film', '{ann}'), ('{other_project}', 'Other', '{bob}');
insert into shots (id, name, project_id, position) values
    ('{shot_a}', 'A', '{film_project}', 1), ('{shot_b}', 'B', '{film_project}', 2),
    ('{shot_c}', 'C', '{other_project}', 1);
insert into tasks (id, task_type, params, project_id, status, output_location) values
    ('{made}', 'image_edit', '{{}}', '{film_project}', 'Complete', '{files}/{ann}/tasks/{made}/1.jpg'),
    ('{queued}', 'stitch', '{{}}', '{film_project}', 'Queued', null);
insert into generations (id, project_id, type) values
    ('{image}', '{film_project}', 'image'), ('{second}', '{film_project}', 'image'),
    ('{film}', '{film_project}', 'video'), ('{placeholder}', '{film_project}', 'video'),
    ('{theirs}', '{other_project}', 'image');
insert into generations (id, project_id, type, based_on)
values ('{edit}', '{film_project}', 'image', '{image}');
insert into shot_generations (id, shot_id, generation_id, timeline_frame, metadata) values
    ('{link_image}', '{shot_a}', '{image}', 0, '{{"pair_prompt": "fog"}}'),
    ('{link_second}', '{shot_a}', '{second}', 81, null), ('{link_film}', '{shot_a}', '{film}', null, '{{}}'),
    ('{link_placeholder}', '{shot_a}', '{placeholder}', null, null),
    ('{link_theirs}', '{shot_c}', '{theirs}', 0, null);
insert into generations (id, project_id, type, parent_generation_id, is_child, child_order) values
    ('{segment}', '{film_project}', 'video', '{film}', true, 0),
    ('{next_segment}', '{film_project}', 'video', '{film}', true, 1);
insert into generation_variants (
    id, generation_id, location, thumbnail_url, params, name, is_primary, variant_type
) values
    ('{original}', '{image}', '{files}/{ann}/uploads/1.jpg?token=secret', '{files}/{ann}/thumbnails/1.jpg',
        '{{"seed": 1}}', 'First', true, 'original'),
    ('{upscale}', '{image}', '{files}/{ann}/uploads/1-big.jpg', null, null, null, false, 'upscale'),
    ('{of_second}', '{second}', '{files}/{ann}/uploads/2.png', null, null, null, true, 'original'),
    ('{of_film}', '{film}', '{files}/{ann}/uploads/3.webm#t=1', null, null, null, true, 'original'),
    ('{of_segment}', '{segment}', 'https://cdn.example.org/4.MP4', null, null, null, true, 'original'),
    ('{of_next}', '{next_segment}', 'https://cdn.example.org/5', null, null, null, true, 'original'),
    ('{of_edit}', '{edit}', '{files}/{ann}/uploads/6.webp', null, null, null, true, 'original'),
    ('{of_theirs}', '{theirs}', '{files}/{bob}/uploads/7.jpg', null, null, null, true, 'original');
insert into credits_ledger (id, user_id, task_id, amount, type) values
    (gen_random_uuid(), '{ann}', null, 10, 'stripe'), ('{spend}', '{ann}', '{made}', -0.125, 'spend');
"""

_OLDEST = "update tasks set dependant_on = '{made}' where id = '{queued}'"
_NEWER = """
update tasks set dependant_on = array['{made}']::uuid[] where id = '{queued}';
update generations set pair_shot_generation_id = '{link_image}' where id = '{segment}';
"""


class Studio:
    """The studio's database behind shotkit's back: triggers act unless a statement goes `past` them.

    The oldest schema, which is not `newer`, has pairs of no links and one dependency a task.
    """

    def __init__(self, connection: psycopg.Connection, *, newer: bool = True) -> None:
        self.connection = connection
        self.do(_BUILD + (_NEWER if newer else _OLDEST))

    def do(self, statements: str, *, past: bool = False) -> None:
        """Run statements in which {name} is the id of a row and {files} the public bucket."""
        with self.connection.transaction():
            if past:
                self.connection.execute("set local session_replication_role = replica")
            self.connection.execute(written(statements))


def written(text: str) -> str:
    return text.format(files=FILES, **IDS)
