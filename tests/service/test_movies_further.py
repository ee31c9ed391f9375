"""Create, list, show and delete movies over HTTP."""

from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, col, select

from movie_service.models import Movie

ARRIVAL = {"title": "Arrival", "year": 2016, "genre": "sci-fi"}
HEAT = {"title": "Heat", "year": 1995, "genre": "crime"}


def add(client: TestClient, payload: dict[str, Any]) -> dict[str, Any]:
    """Post a movie that the service must accept."""
    response = client.post("/movies", json=payload)
    assert response.status_code == 201, response.text
    movie: dict[str, Any] = response.json()
    return movie


def titles(stored: Session) -> list[str]:
    """Return the titles in the database."""
    return list(stored.exec(select(Movie.title).order_by(col(Movie.title))))


def test_the_service_is_up(client: TestClient) -> None:
    """Health answers 200."""
    assert client.get("/health").status_code == 200


def test_spaces_around_a_title_are_dropped(client: TestClient) -> None:
    """The same title with spaces around it is the same title."""
    assert add(client, ARRIVAL | {"title": "  Arrival "})["title"] == "Arrival"
    assert client.post("/movies", json=ARRIVAL).status_code == 409


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": ""},
        {"title": "   "},
        {"title": None},
        {"title": 7},
        {"year": 5},
        {"year": 1899},
        {"year": 2101},
        {"year": "soon"},
        {"year": None},
        {"genre": 7},
    ],
    ids=str,
)
def test_a_bad_movie_is_refused(
    client: TestClient, stored: Session, wrong: dict[str, Any]
) -> None:
    """Bad input answers 422 and stores nothing."""
    assert client.post("/movies", json=ARRIVAL | wrong).status_code == 422
    assert titles(stored) == []


@pytest.mark.parametrize("field", ["title", "year"])
def test_a_movie_needs_title_and_year(client: TestClient, field: str) -> None:
    """A missing field answers 422."""
    payload = {name: value for name, value in ARRIVAL.items() if name != field}

    assert client.post("/movies", json=payload).status_code == 422


@pytest.mark.parametrize("year", [1900, 2100])
def test_the_first_and_last_year_are_accepted(client: TestClient, year: int) -> None:
    """The range of years includes its ends."""
    assert add(client, ARRIVAL | {"year": year})["year"] == year


def test_an_id_beyond_64_bits_is_no_crash(client: TestClient) -> None:
    """An id that no database integer can hold is the client's mistake."""
    for answer in (client.get(f"/movies/{2**70}"), client.delete(f"/movies/{2**70}")):
        assert answer.status_code in {404, 422}
