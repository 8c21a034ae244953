-- drop_old: forget the changes before the newest `keep` ones (SQLite).
-- takes: keep
delete from entries where number <= (select max(number) from entries) - %(keep)s
