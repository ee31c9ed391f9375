from fastapi.testclient import TestClient

from app.main import app

client = TestClient(app)


def test_create_movie_persists_and_lists(repository):
    response = client.post(
        "/movies",
        json={"title": "Arrival", "year": 2016, "genre": "sci-fi"},
        headers={"X-Trace-Id": "sql-demo"},
    )
    assert response.status_code == 201

    list_response = client.get("/movies")
    items = list_response.json()
    assert len(items) == 1
    assert items[0]["title"] == "Arrival"


def test_add_rating_creates_relationship(repository):
    create = client.post(
        "/movies",
        json={"title": "Dune", "year": 2021, "genre": "sci-fi"},
    ).json()

    rating = repository.add_rating(movie_id=create["id"], score=5)
    assert rating.score == 5
    assert rating.movie_id == create["id"]
