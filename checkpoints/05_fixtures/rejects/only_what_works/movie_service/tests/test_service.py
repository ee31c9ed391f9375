"""Store a movie and a rating, and find them."""

from sqlmodel import select

from movie_service.models import Movie, Rating


def test_created_movie_is_stored(client, stored):
    sent = {"title": "Heat", "year": 1995, "genre": "Crime"}

    assert client.post("/movies", json=sent).status_code == 201
    assert stored.exec(select(Movie)).one().title == "Heat"


def test_movies_are_listed(client):
    client.post("/movies", json={"title": "Heat", "year": 1995})

    assert len(client.get("/movies").json()) == 1


def test_two_movies_are_listed(client):
    for title in ("Alien", "Heat"):
        client.post("/movies", json={"title": title, "year": 1995})

    assert len(client.get("/movies").json()) == 2


def test_rating_is_stored(client, stored):
    movie = client.post("/movies", json={"title": "Heat", "year": 1995}).json()["id"]
    client.post("/movies", json={"title": "Alien", "year": 1979})

    client.post(f"/movies/{movie}/ratings", json={"score": 5})

    assert stored.exec(select(Rating)).one().movie_id == movie


def test_deleted_movie_is_gone(client, stored):
    movie = client.post("/movies", json={"title": "Heat", "year": 1995}).json()["id"]

    client.delete(f"/movies/{movie}")

    assert stored.exec(select(Movie)).all() == []
