"""Create, list, show and delete movies over HTTP."""

from fastapi.testclient import TestClient


def test_the_service_is_up(client: TestClient) -> None:
    """Health answers 200."""
    assert client.get("/health").status_code == 200


# TODO(fixtures): created movies are committed, listed by title, and title-cased in
# genre; duplicates answer 409, bad input 422, unknown ids 404; a deleted movie takes
# its ratings along. Read the answer, then the database through `stored`.
