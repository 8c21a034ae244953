def test_tables_exist(connection):
    assert connection.execute("select count(*) from generations").fetchone() == (0,)
