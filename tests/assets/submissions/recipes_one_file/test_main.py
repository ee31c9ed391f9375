from fastapi.testclient import TestClient

from main import app


def test_add_recipe():
    with TestClient(app) as client:
        response = client.post("/recipes", json={"title": "Shakshuka"})
    assert response.status_code == 200
