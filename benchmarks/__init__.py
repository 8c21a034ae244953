"""Speed as ratios: each way and its limit run in turns, in one process, on one database."""
