-- hides_rows: whether row level security may hide something of a shot from whoever asks.
select
    row_security_active('public.shots')
    or row_security_active('public.shot_generations')
    or row_security_active('public.generations')
    or row_security_active('public.generation_variants') as hides
