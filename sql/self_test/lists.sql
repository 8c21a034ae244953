-- lists: say that lists are the rule in shot_data, as in the database that the rows are from; a sample may not show it.
create schema shotkit;
create table shotkit.migrations ()
