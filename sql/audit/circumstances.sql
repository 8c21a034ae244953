-- circumstances: are lists the rule in shot_data, and may row level security hide links from this user?
select arrays, row_security_active('public.shot_generations') as links_hidden from rule
