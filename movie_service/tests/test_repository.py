"""Use the repository through one session and read back through another."""

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from movie_service.errors import DuplicateTitleError, MovieNotFoundError
from movie_service.models import Movie, Rating
from movie_service.repository import MovieRepository


def test_create_commits(repository: MovieRepository, stored: Session) -> None:
    """A created movie has an id and is seen by another session."""
    movie = repository.create(title="Heat", year=1995, genre="crime")

    kept = stored.exec(select(Movie)).one()
    assert movie.id is not None
    assert (kept.id, kept.title, kept.year) == (movie.id, "Heat", 1995)
    assert kept.genre == movie.genre == "Crime"


def test_list_is_ordered_by_title(repository: MovieRepository) -> None:
    """Movies come in the order of their titles."""
    for title in ("Heat", "Zodiac", "Alien"):
        repository.create(title=title, year=2000, genre="any")

    assert [movie.title for movie in repository.list()] == ["Alien", "Heat", "Zodiac"]


def test_get_finds_a_movie_or_nothing(repository: MovieRepository) -> None:
    """An unknown id is no movie."""
    movie = repository.create(title="Heat", year=1995, genre="crime")
    assert movie.id is not None

    found = repository.get(movie.id)

    assert found is not None
    assert found.title == "Heat"
    assert repository.get(movie.id + 1) is None


def test_add_rating_commits(repository: MovieRepository, stored: Session) -> None:
    """A rating is seen by another session, at its movie and from its movie."""
    repository.create(title="Alien", year=1979, genre="horror")
    movie = repository.create(title="Heat", year=1995, genre="crime")
    assert movie.id is not None

    repository.add_rating(movie.id, 5)

    kept = stored.exec(select(Rating)).one()
    assert (kept.movie_id, kept.score) == (movie.id, 5)
    assert kept.movie.title == "Heat"


def test_add_rating_needs_its_movie(
    repository: MovieRepository, stored: Session
) -> None:
    """A rating of nothing is refused and not stored."""
    with pytest.raises(MovieNotFoundError):
        repository.add_rating(999, 5)

    assert stored.exec(select(Rating)).all() == []


def test_delete_commits(repository: MovieRepository, stored: Session) -> None:
    """A deleted movie is gone for every session, with its ratings."""
    movie = repository.create(title="Heat", year=1995, genre="crime")
    assert movie.id is not None
    repository.add_rating(movie.id, 5)

    repository.delete(movie.id)

    assert stored.exec(select(Movie)).all() == []
    assert stored.exec(select(Rating)).all() == []


def test_delete_needs_its_movie(repository: MovieRepository) -> None:
    """There is nothing to delete at an unknown id."""
    with pytest.raises(MovieNotFoundError):
        repository.delete(999)


def test_a_refused_duplicate_leaves_the_session_usable(
    repository: MovieRepository, engine: Engine, stored: Session
) -> None:
    """The session that met the duplicate has rolled back and can go on."""
    with Session(engine) as other:
        MovieRepository(other).create(title="Heat", year=1995, genre="crime")

    with pytest.raises(DuplicateTitleError):
        repository.create(title="Heat", year=2000, genre="drama")
    repository.create(title="Alien", year=1979, genre="horror")

    kept = stored.exec(select(Movie)).all()
    assert sorted((movie.title, movie.year) for movie in kept) == [
        ("Alien", 1979),
        ("Heat", 1995),
    ]
