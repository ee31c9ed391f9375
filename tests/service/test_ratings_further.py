"""Rate movies over HTTP."""

from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from movie_service.models import Rating


def test_ratings_are_listed_with_their_movie(
    client: TestClient, movie_ids: list[int]
) -> None:
    """The list shows each movie with its own ratings."""
    for movie_id, score in [(movie_ids[0], 5), (movie_ids[1], 2), (movie_ids[0], 3)]:
        client.post(f"/movies/{movie_id}/ratings", json={"score": score})

    listed: list[dict[str, Any]] = client.get("/movies").json()

    scores = {
        movie["title"]: sorted(rating["score"] for rating in movie["ratings"])
        for movie in listed
    }
    assert scores == {"Alien": [2], "Dune": [], "Heat": [3, 5]}


@pytest.mark.parametrize("score", [0, 6, 9, -1, "great", None, 2.5])
def test_a_bad_score_is_refused(
    client: TestClient, stored: Session, movie_ids: list[int], score: object
) -> None:
    """A score that is not one of 1 to 5 answers 422 and stores nothing."""
    response = client.post(f"/movies/{movie_ids[0]}/ratings", json={"score": score})

    assert response.status_code == 422
    assert stored.exec(select(Rating)).all() == []
