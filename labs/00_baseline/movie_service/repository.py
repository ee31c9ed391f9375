"""Keep movies in a dict, which is gone when the process stops."""

from collections.abc import Sequence
from itertools import count

from .models import Movie


class MovieRepository:
    """Store and find movies in memory."""

    def __init__(self) -> None:
        self._movies: dict[int, Movie] = {}
        self._ids = count(1)

    def list(self) -> Sequence[Movie]:
        """Return every movie, ordered by title."""
        return sorted(self._movies.values(), key=lambda movie: movie.title)

    def create(self, *, title: str, year: int, genre: str) -> Movie:
        """Store a movie under the next free id."""
        movie_id = next(self._ids)
        movie = Movie(id=movie_id, title=title, year=year, genre=genre.title())
        self._movies[movie_id] = movie
        return movie

    def get(self, movie_id: int) -> Movie | None:
        """Return the movie with this id, or None."""
        return self._movies.get(movie_id)

    def delete(self, movie_id: int) -> None:
        """Forget the movie with this id."""
        self._movies.pop(movie_id, None)
