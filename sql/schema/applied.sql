-- applied: the migrations that were applied here; fails where shotkit never applied any.
select number, name, checksum, applied_at from shotkit.migrations order by number;
