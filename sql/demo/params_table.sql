-- params_table: what the rows of a chunk name their params by, built and compressed once.
create temporary table demo_params (key integer primary key, params jsonb not null) on commit drop
