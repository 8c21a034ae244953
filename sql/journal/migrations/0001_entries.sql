-- entries: the journal's one table (SQLite): a row for each change that was sent, and what takes it back.
create table entries (
    number integer primary key autoincrement,
    op_id text not null unique,
    at integer not null,
    database text not null,
    identity text not null,
    kind text not null,
    project_id text,
    shot_id text,
    generation_id text,
    place text not null,
    label text not null,
    code text not null,
    is_complete integer not null,
    status text not null,
    wrote integer not null default 0,
    reason text not null default '',
    undoes text,
    undone_by text,
    undo blob
);

create index entries_scope_idx on entries (database, identity, number);

create index entries_undone_by_idx on entries (undone_by) where undone_by is not null
