-- rollback: keep nothing of this transaction; the commit that follows has nothing to do.
rollback
