"""Follow a request by its trace id, and read errors in their envelope."""

import logging
from typing import Any

import pytest
from fastapi.testclient import TestClient

from movie_service.repository import MovieRepository

HEAT = {"title": "Heat", "year": 1995}
TRACE_HEADER = "X-Trace-Id"
TRACE = {TRACE_HEADER: "lab-2.trace"}


def test_a_trace_id_is_echoed(client: TestClient) -> None:
    """The answer carries the trace id of the request."""
    assert client.get("/movies", headers=TRACE).headers[TRACE_HEADER] == "lab-2.trace"
    created = client.post("/movies", headers=TRACE, json=HEAT)
    assert created.headers[TRACE_HEADER] == "lab-2.trace"


def test_a_missing_trace_id_is_made(client: TestClient) -> None:
    """Requests without a trace id get one each."""
    made = [client.get("/health").headers[TRACE_HEADER] for _ in range(2)]

    assert all(made)
    assert made[0] != made[1]


@pytest.mark.parametrize("offered", ["", "x" * 5000, "a b", "a\tb", "caf\xe9"])
def test_an_odd_trace_id_is_replaced(client: TestClient, offered: str) -> None:
    """Nothing goes into the log that could flood it or forge a line."""
    headers = {TRACE_HEADER.encode(): offered.encode("latin-1")}

    echoed = client.get("/health", headers=headers).headers[TRACE_HEADER]

    assert echoed
    assert echoed != offered
    assert len(echoed) <= 128


def test_every_write_is_logged_with_both_ids(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    """Creating, rating and deleting each log the trace id and the movie id."""
    caplog.set_level(logging.INFO)

    movie_id = client.post("/movies", headers=TRACE, json=HEAT).json()["id"]
    client.post(f"/movies/{movie_id}/ratings", headers=TRACE, json={"score": 4})
    client.delete(f"/movies/{movie_id}", headers=TRACE)

    lines = [line for line in caplog.messages if "trace_id=lab-2.trace" in line]
    assert len(lines) == 3
    assert all(f"movie_id={movie_id}" in line for line in lines)


def test_reading_logs_no_write(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    """A request that stores nothing logs no movie id."""
    caplog.set_level(logging.INFO)

    client.get("/movies/999", headers=TRACE)
    client.delete("/movies/999", headers=TRACE)

    assert not [line for line in caplog.messages if "movie_id=" in line]


@pytest.mark.parametrize(
    ("method", "path", "payload", "status"),
    [
        ("GET", "/movies/999", None, 404),
        ("GET", "/nowhere", None, 404),
        ("PUT", "/movies", None, 405),
        ("POST", "/movies", {"title": " ", "year": 1995}, 422),
        ("POST", "/movies", HEAT, 409),
    ],
)
def test_errors_share_one_envelope(
    client: TestClient, method: str, path: str, payload: Any, status: int
) -> None:
    """Every error says its code, a message and the trace id."""
    client.post("/movies", json=HEAT)

    response = client.request(method, path, json=payload, headers=TRACE)

    assert response.status_code == status
    assert response.headers[TRACE_HEADER] == "lab-2.trace"
    error = response.json()["error"]
    assert error["trace_id"] == "lab-2.trace"
    assert error["code"]
    assert error["message"]


def test_text_that_cannot_be_sent_back_is_no_crash(client: TestClient) -> None:
    """A title that is no valid text is the client's mistake."""
    body = rb'{"title": "\ud800", "year": 1995}'

    response = client.post("/movies", content=body, headers=TRACE)

    assert response.status_code == 422
    assert response.json()["error"]["trace_id"] == "lab-2.trace"


def test_an_unexpected_error_is_answered_in_the_envelope(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even a mistake of our own carries the trace id and tells no secrets."""

    def fail(_repository: MovieRepository) -> None:
        raise RuntimeError("the password is 12345")

    monkeypatch.setattr(MovieRepository, "list", fail)

    response = client.get("/movies", headers=TRACE)

    assert response.status_code == 500
    assert response.headers[TRACE_HEADER] == "lab-2.trace"
    assert response.json()["error"]["trace_id"] == "lab-2.trace"
    assert "12345" not in response.text
