-- act_as: act as a role with these claims from here to the end of the transaction.
-- takes: role, claims
select set_config('role', %(role)s, true), set_config('request.jwt.claims', %(claims)s, true)
