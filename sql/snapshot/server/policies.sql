-- policies: the policies of row level security.
select table_name, policy_name, says from policies
