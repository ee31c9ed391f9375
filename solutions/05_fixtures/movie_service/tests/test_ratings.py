"""Rate movies over HTTP."""

from fastapi.testclient import TestClient
from sqlmodel import Session, select

from movie_service.models import Rating


def test_a_rating_is_stored_for_its_movie(
    client: TestClient, stored: Session, movie_ids: list[int]
) -> None:
    """Another session finds the rating at the movie that was rated."""
    movie_id = movie_ids[1]

    response = client.post(f"/movies/{movie_id}/ratings", json={"score": 5})

    assert response.status_code == 201
    answer = response.json()
    assert (answer["movie_id"], answer["score"]) == (movie_id, 5)
    rating = stored.exec(select(Rating)).one()
    assert (rating.id, rating.movie_id, rating.score) == (answer["id"], movie_id, 5)
    assert rating.movie.title == "Alien"
    assert [kept.id for kept in rating.movie.ratings] == [rating.id]


def test_a_rating_names_its_own_movie_only(
    client: TestClient, stored: Session, movie_ids: list[int]
) -> None:
    """Each of several ratings belongs to the movie it was given to."""
    given = [(movie_ids[2], 1), (movie_ids[0], 5)]

    for movie_id, score in given:
        client.post(f"/movies/{movie_id}/ratings", json={"score": score})

    kept = stored.exec(select(Rating.movie_id, Rating.score)).all()
    assert sorted(tuple(row) for row in kept) == sorted(given)


def test_an_unknown_movie_cannot_be_rated(client: TestClient, stored: Session) -> None:
    """Rating what is not there stores nothing."""
    response = client.post("/movies/999/ratings", json={"score": 3})

    assert response.status_code == 404
    assert stored.exec(select(Rating)).all() == []


def test_a_bad_score_is_refused(
    client: TestClient, stored: Session, movie_ids: list[int]
) -> None:
    """A score that is not one of 1 to 5 answers 422 and stores nothing."""
    for score in (0, 6):
        response = client.post(f"/movies/{movie_ids[0]}/ratings", json={"score": score})
        assert response.status_code == 422

    assert stored.exec(select(Rating)).all() == []
