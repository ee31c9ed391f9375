"""Create, list, show and delete movies over HTTP."""

from typing import Any

from fastapi.testclient import TestClient
from sqlmodel import Session, col, select

from movie_service.models import Movie, Rating

ARRIVAL = {"title": "Arrival", "year": 2016, "genre": "sci-fi"}
HEAT = {"title": "Heat", "year": 1995, "genre": "crime"}


def add(client: TestClient, payload: dict[str, Any]) -> dict[str, Any]:
    """Post a movie that the service must accept."""
    response = client.post("/movies", json=payload)
    assert response.status_code == 201, response.text
    movie: dict[str, Any] = response.json()
    return movie


def listed(client: TestClient) -> list[str]:
    """Return the titles that the service lists."""
    return [movie["title"] for movie in client.get("/movies").json()]


def titles(stored: Session) -> list[str]:
    """Return the titles in the database."""
    return list(stored.exec(select(Movie.title).order_by(col(Movie.title))))


def test_a_new_database_holds_no_movies(client: TestClient) -> None:
    """Nothing is left of what other tests stored."""
    assert client.get("/movies").json() == []


def test_a_created_movie_is_committed(client: TestClient, stored: Session) -> None:
    """Another session sees the movie, exactly as it was answered."""
    answer = add(client, ARRIVAL)

    movie = stored.exec(select(Movie)).one()
    assert (movie.id, movie.title, movie.year) == (answer["id"], "Arrival", 2016)
    assert answer["title"] == "Arrival"
    assert answer["year"] == 2016


def test_a_created_movie_can_be_shown(client: TestClient) -> None:
    """A later request shows the movie that an earlier one stored."""
    created = add(client, ARRIVAL)

    shown = client.get(f"/movies/{created['id']}")

    assert shown.status_code == 200
    fields = ("id", "title", "year", "genre")
    assert [shown.json()[field] for field in fields] == [created[f] for f in fields]


def test_movies_are_listed_by_title(client: TestClient, stored: Session) -> None:
    """The order of the list is that of the titles, not that of the arrivals."""
    for title in ("Heat", "Zodiac", "Arrival", "Memento"):
        stored.add(Movie(title=title, year=2000))
        stored.commit()

    assert listed(client) == ["Arrival", "Heat", "Memento", "Zodiac"]


def test_the_list_is_read_from_the_database(
    client: TestClient, stored: Session
) -> None:
    """What somebody else stores or removes shows up in the next answer."""
    arrival = Movie(title="Arrival", year=2016)
    stored.add(arrival)
    stored.commit()
    assert listed(client) == ["Arrival"]

    stored.delete(arrival)
    stored.add(Movie(title="Heat", year=1995))
    stored.commit()

    assert listed(client) == ["Heat"]


def test_the_genre_is_title_cased(client: TestClient, stored: Session) -> None:
    """A genre is stored title-cased, and as Unknown when there is none."""
    answers = [add(client, ARRIVAL), add(client, {"title": "Heat", "year": 1995})]

    assert [answer["genre"] for answer in answers] == ["Sci-Fi", "Unknown"]
    assert set(stored.exec(select(Movie.genre))) == {"Sci-Fi", "Unknown"}


def test_a_duplicate_title_is_refused(client: TestClient, stored: Session) -> None:
    """The second movie of a title answers 409, and the service goes on."""
    add(client, ARRIVAL)

    duplicate = client.post("/movies", json=ARRIVAL | {"year": 1996})

    assert duplicate.status_code == 409
    add(client, HEAT)
    assert titles(stored) == ["Arrival", "Heat"]
    assert stored.exec(select(Movie.year).where(Movie.title == "Arrival")).one() == 2016


def test_the_client_cannot_choose_the_id(client: TestClient, stored: Session) -> None:
    """An id in the payload is not honoured."""
    answer = client.post("/movies", json=ARRIVAL | {"id": 4711})

    assert answer.status_code in {201, 422}
    assert 4711 not in stored.exec(select(Movie.id)).all()


def test_an_unknown_movie_is_not_found(client: TestClient) -> None:
    """Showing or deleting what is not there answers 404."""
    assert client.get("/movies/999").status_code == 404
    assert client.delete("/movies/999").status_code == 404


def test_a_deleted_movie_is_gone_with_its_ratings(
    client: TestClient, stored: Session, movie_ids: list[int]
) -> None:
    """Only the deleted movie and its ratings leave the database."""
    stored.add_all(Rating(movie_id=movie_id, score=4) for movie_id in movie_ids)
    stored.commit()
    gone, *kept = movie_ids

    assert client.delete(f"/movies/{gone}").status_code == 204

    assert titles(stored) == ["Alien", "Dune"]
    assert sorted(stored.exec(select(Rating.movie_id))) == kept
    assert client.get(f"/movies/{gone}").status_code == 404


def test_a_bad_movie_is_refused(client: TestClient, stored: Session) -> None:
    """Bad input answers 422 and stores nothing."""
    for wrong in ({"title": "  "}, {"year": 5}, {"year": "soon"}):
        assert client.post("/movies", json=ARRIVAL | wrong).status_code == 422
    assert titles(stored) == []


def test_a_trace_id_is_echoed(client: TestClient) -> None:
    """The answer carries the trace id of the request."""
    answer = client.get("/movies", headers={"X-Trace-Id": "lab-2"})

    assert answer.headers["X-Trace-Id"] == "lab-2"
