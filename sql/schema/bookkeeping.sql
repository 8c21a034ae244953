-- bookkeeping: where shotkit remembers its migrations; in a schema that no user of the data may enter.
create schema if not exists shotkit;

create table shotkit.migrations (
    number integer primary key,
    name text not null,
    checksum text not null,
    applied_at timestamptz not null default now()
);

alter table shotkit.migrations enable row level security;
