from app.main import app


def test_there_is_an_app():
    assert app is not None
