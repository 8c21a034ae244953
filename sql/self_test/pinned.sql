-- pinned: in this transaction no function of the audited schema is called by its bare name.
set local search_path = pg_catalog
