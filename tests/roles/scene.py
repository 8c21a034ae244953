"""Ann, whose rows are tried, and Ben beside her; every kind of caller, and what none of them may reach."""

import json
from dataclasses import dataclass, field
from typing import NamedTuple

import psycopg

#: Whom a session acts as: the role, and whose token it has.
CALLERS = {
    "anonymous": ("anon", None),
    "without a token": ("authenticated", None),
    "owner": ("authenticated", "ann"),
    "another user": ("authenticated", "ben"),
    "service": ("service_role", None),
}
TRUSTED = ("owner", "service")
_MADE = """
    insert into public.users (name, email) values (%(who)s, %(who)s || '@private')
        returning id as user;
    insert into public.projects (name, user_id) values (%(who)s || '@private film', %(user)s)
        returning id as project;
    insert into public.shots (name, project_id) values (%(who)s || '@private dawn', %(project)s)
        returning id as shot;
    insert into public.generations (project_id, name, location, type, params)
        values (%(project)s, %(who)s || '@private', '/a.png', 'image', '{}') returning id as generation;
    insert into public.generations (project_id, location, type) values (%(project)s, '/b.png', 'image')
        returning id as beside;
    insert into public.generation_variants (generation_id, location) values (%(generation)s, '/c.png')
        returning id as variant;
    insert into public.shot_generations (shot_id, generation_id, timeline_frame)
        values (%(shot)s, %(generation)s, 0) returning id as link;
    insert into public.shot_generations (shot_id, generation_id, timeline_frame)
        values (%(shot)s, %(beside)s, 50) returning id as second;
    insert into public.tasks (task_type, project_id) values ('t', %(project)s) returning id as task;
    insert into public.credits_ledger (user_id, amount, type)
        values (%(user)s, 1, 'manual') returning id as entry;
    insert into storage.objects (bucket_id, name)
        values ('training-data', %(user)s || '/a.mp4') returning id as object;
    insert into storage.objects (bucket_id, name)
        values ('image_uploads', %(user)s || '/p.png') returning id as public
"""
# All rows, save those that are wholly the caller's: they, and none beside them, are his to change.
_BESIDE = """
    with own as (select id from public.projects where user_id = %(me)s)
    select md5(string_agg(stored, ' ' order by stored)) from (
        select u::text from public.users as u where id is distinct from %(me)s
        union all select p::text from public.projects as p where user_id is distinct from %(me)s
        union all select s::text from public.shots as s where project_id not in (table own)
        union all select g::text from public.generations as g where project_id not in (table own)
        union all select v::text from public.generation_variants as v
            where (project_id in (table own)) is not true
            or generation_id not in (select id from public.generations where project_id in (table own))
        union all select l::text from public.shot_generations as l
            where shot_id not in (select id from public.shots where project_id in (table own))
            or generation_id not in (select id from public.generations where project_id in (table own))
        union all select t::text from public.tasks as t where project_id not in (table own)
        union all select e::text from public.credits_ledger as e
        union all select b::text from storage.buckets as b
        union all select o::text from storage.objects as o
            where starts_with(name, %(me)s::text || '/') is not true
    ) as beside (stored)
"""


class Outcome(NamedTuple):
    """What a try came to: rows, none, refused or broken; and whether it reached what is not the caller's."""

    verdict: str
    escaped: bool


@dataclass(frozen=True)
class Scene:
    """Ids by name: Ann's plain, Ben's as `own_*`."""

    connection: psycopg.Connection
    ids: dict[str, str]
    _before: dict[str, str] = field(default_factory=dict)

    def attempt(self, caller: str, statement: str) -> Outcome:
        """Run a statement as a caller and see what it came to; nothing of it is kept."""
        try:
            with self.connection.transaction(force_rollback=True):
                self.act(caller)
                done = self.connection.execute(statement, self.ids)
                shown = str(done.fetchall()) if done.description else ""
                self.connection.execute("reset role")
                reached = self.beside(caller) != self._untouched(caller)
        except psycopg.errors.InsufficientPrivilege as error:
            return Outcome("refused", self._escaped(caller, _told(error, statement, self.ids)))
        except psycopg.Error as error:
            return Outcome("broken", self._escaped(caller, _told(error, statement, self.ids)))
        return Outcome("rows" if done.rowcount else "none", self._escaped(caller, shown, reached=reached))

    def act(self, caller: str) -> None:
        """Act as a caller until the end of the transaction."""
        role, who = CALLERS[caller]
        user = {"ann": self.ids["user"], "ben": self.ids["own_user"], None: None}[who]
        claims = json.dumps({"sub": user, "role": role}) if user else ""
        act = "select set_config('role', %s, true), set_config('request.jwt.claims', %s, true)"
        self.connection.execute(act, (role, claims))

    def beside(self, caller: str) -> str:
        """Return all that is stored and not the caller's own, in short."""
        me = self.ids["own_user"] if CALLERS[caller][1] == "ben" else None
        return self.connection.execute(_BESIDE, {"me": me}).fetchone()[0]

    def shows(self, text: str) -> bool:
        """Whether a text holds something of Ann's that nobody else may be shown."""
        return "ann@private" in text or any(self.ids[name] in text for name in _PRIVATE)

    def _escaped(self, caller: str, shown: str, *, reached: bool = False) -> bool:
        return caller not in TRUSTED and (reached or self.shows(shown))

    def _untouched(self, caller: str) -> str:
        if caller not in self._before:
            with self.connection.transaction(force_rollback=True):
                self._before[caller] = self.beside(caller)
        return self._before[caller]


_PRIVATE = ("project", "shot", "generation", "beside", "variant", "link", "second", "task", "entry", "object")


def made(connection: psycopg.Connection) -> Scene:
    """Make the rows of both in a database that has none."""
    ann, ben = _rows(connection, "ann"), _rows(connection, "ben")
    connection.execute("set constraints all immediate")
    return Scene(connection, ann | {f"own_{name}": id_ for name, id_ in ben.items()})


def _rows(connection: psycopg.Connection, who: str) -> dict[str, str]:
    ids = {"who": who}
    for statement in _MADE.split(";"):
        done = connection.execute(statement, ids)
        ids[done.description[0].name] = str(done.fetchone()[0])
    return ids


def _told(error: psycopg.Error, statement: str, ids: dict[str, str]) -> str:
    """Return what an error tells beside the ids that the caller named himself."""
    told = str(error)
    for name in [name for name in ids if f"%({name})s" in statement]:
        told = told.replace(ids[name], "")
    return told
