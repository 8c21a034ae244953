-- rule: are lists the rule in shot_data?
select arrays from rule
