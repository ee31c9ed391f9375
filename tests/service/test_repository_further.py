"""Use the repository through one session and read back through another."""

import pytest
from sqlmodel import Session, select

from movie_service.errors import MovieNotFoundError
from movie_service.models import Movie, Rating
from movie_service.repository import MovieRepository


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
