from fastapi.testclient import TestClient

from app.main import app


def test_key_is_required():
    assert TestClient(app).get("/expenses").status_code == 422
