-- drop_large: of changes whose newer ones need `budget` bytes to be taken back, forget how (SQLite).
-- takes: budget, reason
update entries
set undo = null, reason = %(reason)s
where undo is not null and number <= (
    select number
    from (select number, sum(length(undo)) over (order by number desc) as bytes from entries where undo is not null)
    where bytes > %(budget)s
    order by number desc
    limit 1
)
