-- probe: send a word on a channel, to see whether it arrives.
-- takes: channel
select pg_notify(%(channel)s, '')
