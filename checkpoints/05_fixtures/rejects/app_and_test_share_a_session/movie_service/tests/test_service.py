"""Ask the service over HTTP, and read the database afterwards."""

import pytest
from sqlmodel import select

from movie_service.models import Movie, Rating

HEAT = {"title": "Heat", "year": 1995, "genre": "crime"}


def add(client, title):
    response = client.post("/movies", json={"title": title, "year": 2000})
    assert response.status_code == 201
    return response.json()["id"]


def test_created_movie_is_stored(client, stored):
    response = client.post("/movies", json=HEAT, headers={"X-Trace-Id": "t-1"})

    assert response.status_code == 201
    assert response.headers["X-Trace-Id"] == "t-1"
    movie = stored.exec(select(Movie).where(Movie.title == "Heat")).one()
    assert (movie.year, movie.genre) == (1995, "Crime")


def test_movies_come_sorted(client):
    for title in ("Zodiac", "Alien", "Memento"):
        add(client, title)

    titles = [movie["title"] for movie in client.get("/movies").json()]
    assert titles == ["Alien", "Memento", "Zodiac"]


def test_a_title_is_there_once(client):
    add(client, "Alien")

    assert client.post("/movies", json=HEAT | {"title": "Alien"}).status_code == 409
    assert len(client.get("/movies").json()) == 1


@pytest.mark.parametrize("wrong", [{"title": " "}, {"year": 5}, {"year": "soon"}])
def test_bad_movies_are_refused(client, wrong):
    assert client.post("/movies", json=HEAT | wrong).status_code == 422


def test_unknown_movies_are_not_found(client):
    assert client.get("/movies/77").status_code == 404
    assert client.post("/movies/77/ratings", json={"score": 3}).status_code == 404


def test_deleted_movie_is_gone(client):
    movie = add(client, "Alien")

    assert client.delete(f"/movies/{movie}").status_code == 204
    assert client.get(f"/movies/{movie}").status_code == 404


def test_rating_is_stored_for_its_movie(client, stored):
    rated, _ = add(client, "Alien"), add(client, "Dune")

    response = client.post(f"/movies/{rated}/ratings", json={"score": 4})

    assert response.status_code == 201
    rating = stored.exec(select(Rating)).one()
    assert (rating.movie_id, rating.score) == (rated, 4)


def test_bad_score_is_refused(client):
    movie = add(client, "Alien")

    assert client.post(f"/movies/{movie}/ratings", json={"score": 6}).status_code == 422
