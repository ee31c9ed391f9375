"""Compare what each request answers."""

import pytest

HEAT = {"title": "Heat", "year": 1995, "genre": "crime"}


def test_create(client):
    response = client.post("/movies", json=HEAT, headers={"X-Trace-Id": "t-1"})

    assert response.status_code == 201
    assert response.headers["X-Trace-Id"] == "t-1"
    assert response.json()["genre"] == "Crime"


@pytest.mark.parametrize("wrong", [{"title": " "}, {"year": 5}])
def test_bad_movies_are_refused(client, wrong):
    assert client.post("/movies", json=HEAT | wrong).status_code == 422


def test_unknown_movies_are_not_found(client):
    assert client.get("/movies/77").status_code == 404
    assert client.post("/movies/77/ratings", json={"score": 3}).status_code == 404


def test_bad_score_is_refused(client):
    assert client.post("/movies/77/ratings", json={"score": 6}).status_code == 422
