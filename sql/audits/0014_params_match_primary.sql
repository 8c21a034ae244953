-- params_match_primary: a generation's params are its primary variant's.
-- level: error
-- examines: generations
-- verdicts: different
--
-- Apart from 0013, because reading params, some 8 KB a row, is what costs most.
-- Whether two documents are equal is for the engine's own JSON to tell; neither is shown.

select
    'different' as verdict,
    p.generation_id as key,
    p.project_id,
    cast(null as varchar(36)) as shot_id,
    p.generation_id,
    p.variant_id,
    cast(null as varchar(20)) as stored,
    cast(null as varchar(20)) as expected,
    'The params are not as in the primary variant.' as detail
from params_apart as p
order by p.generation_id
