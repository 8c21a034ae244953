-- triggers: the triggers of the tables.
select table_name, event, trigger_name, function_name, tells_shot_data, is_enabled from triggers
