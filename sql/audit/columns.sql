-- columns: the columns of the public tables and whether this user may read them, to know which audits can run.
select table_name, column_name, may_read from column_rights
