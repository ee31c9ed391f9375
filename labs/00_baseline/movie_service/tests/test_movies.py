"""Ask the in-memory service over HTTP."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from movie_service.dependencies import get_repository
from movie_service.main import app
from movie_service.repository import MovieRepository


@pytest.fixture
def client() -> Iterator[TestClient]:
    """Talk to the app over an empty repository of this test's own."""
    repository = MovieRepository()
    app.dependency_overrides[get_repository] = lambda: repository
    with TestClient(app) as client:
        yield client
    app.dependency_overrides.clear()


def test_a_created_movie_is_listed(client: TestClient) -> None:
    """What was posted comes back in the list."""
    arrival = {"title": " Arrival ", "year": 2016, "genre": "sci-fi"}

    created = client.post("/movies", json=arrival)

    assert created.status_code == 201
    assert created.json()["title"] == "Arrival"
    assert created.json()["genre"] == "Sci-Fi"
    assert client.get("/movies").json() == [created.json()]


def test_a_deleted_movie_is_gone(client: TestClient) -> None:
    """A deleted movie answers 404."""
    movie = client.post("/movies", json={"title": "Heat", "year": 1995}).json()

    deleted = client.delete(f"/movies/{movie['id']}")

    assert deleted.status_code == 204
    assert client.get(f"/movies/{movie['id']}").status_code == 404


@pytest.mark.parametrize(
    "payload", [{"title": "  ", "year": 1995}, {"title": "Heat", "year": 5}]
)
def test_bad_input_is_refused(client: TestClient, payload: dict[str, object]) -> None:
    """A blank title or an impossible year answers 422."""
    assert client.post("/movies", json=payload).status_code == 422
