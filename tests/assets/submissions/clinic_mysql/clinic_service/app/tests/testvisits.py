def test_visit():
    assert True
