"""Twenty assertions about a movie service, put by whatever client is at hand."""

from collections.abc import Callable
from typing import Any, Protocol


class Client(Protocol):
    """Send one request; give the status and the decoded body."""

    def __call__(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Send it."""


Scenario = Callable[[Client, int], bool]
KINDS = 5
REPEATS = 4


def stores(client: Client, number: int) -> bool:
    """Store a movie and find it again."""
    status, movie = client("POST", "/movies", _movie(f"Stored {number}"))
    return status == 201 and client("GET", f"/movies/{movie['id']}")[0] == 200


def refuses_twins(client: Client, number: int) -> bool:
    """Refuse a second movie of the same title."""
    client("POST", "/movies", _movie(f"Twin {number}"))
    return client("POST", "/movies", _movie(f"Twin {number}"))[0] == 409


def refuses_nonsense(client: Client, number: int) -> bool:
    """Refuse a year that no movie has."""
    return (
        client("POST", "/movies", _movie(f"Odd {number}") | {"year": number})[0] == 422
    )


def rates(client: Client, number: int) -> bool:
    """Rate a movie."""
    _, movie = client("POST", "/movies", _movie(f"Rated {number}"))
    status, rating = client("POST", f"/movies/{movie['id']}/ratings", {"score": 4})
    return status == 201 and rating["movie_id"] == movie["id"]


def deletes(client: Client, number: int) -> bool:
    """Delete a movie for good."""
    _, movie = client("POST", "/movies", _movie(f"Deleted {number}"))
    gone = client("DELETE", f"/movies/{movie['id']}")[0]
    return gone == 204 and client("GET", f"/movies/{movie['id']}")[0] == 404


SCENARIOS: tuple[Scenario, ...] = (
    stores,
    refuses_twins,
    refuses_nonsense,
    rates,
    deletes,
)


def _movie(title: str) -> dict[str, Any]:
    return {"title": title, "year": 1999, "genre": "drama"}
