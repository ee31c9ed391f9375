"""Create and rate movies through the app."""

from fastapi.testclient import TestClient

from movie_service.main import app

client = TestClient(app)


def test_created_movie_is_listed(repository):
    sent = {"title": "Arrival", "year": 2016, "genre": "sci-fi"}

    response = client.post("/movies", json=sent)

    assert response.status_code == 201
    titles = [movie["title"] for movie in client.get("/movies").json()]
    assert titles == ["Arrival"]


def test_rating_belongs_to_its_movie(repository):
    movie = client.post("/movies", json={"title": "Dune", "year": 2021}).json()

    rating = repository.add_rating(movie_id=movie["id"], score=5)

    assert rating.movie_id == movie["id"]
