-- columns: the columns of the public tables and whether this user may read them, all rows of them, to know what is covered.
select table_name, column_name, may_read, is_partial from column_rights
