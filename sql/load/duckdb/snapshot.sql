-- snapshot: the files of a snapshot do not change: there is one state, which no event is newer than.
select '1:1:' as snapshot
