-- indexes: the indexes of the tables.
select table_name, index_name, columns, method, operators, condition, is_unique, is_valid from indexes
