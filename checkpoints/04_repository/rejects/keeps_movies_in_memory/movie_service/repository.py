"""Keep movies in a dict, which is gone when the process stops."""

from collections.abc import Sequence
from itertools import count

from .errors import DuplicateTitleError, MovieNotFoundError
from .models import Movie, Rating


class MovieRepository:
    """Store and find movies in memory."""

    def __init__(self) -> None:
        self._movies: dict[int, Movie] = {}
        self._ids = count(1)
        self._rating_ids = count(1)

    def list(self) -> Sequence[Movie]:
        """Return every movie, ordered by title."""
        return sorted(self._movies.values(), key=lambda movie: movie.title)

    def create(self, *, title: str, year: int, genre: str) -> Movie:
        """Store a movie under the next free id."""
        if any(movie.title == title for movie in self._movies.values()):
            raise DuplicateTitleError(title)
        movie = Movie(id=next(self._ids), title=title, year=year, genre=genre.title())
        self._movies[movie.id] = movie
        return movie

    def get(self, movie_id: int) -> Movie | None:
        """Return the movie with this id, or None."""
        return self._movies.get(movie_id)

    def delete(self, movie_id: int) -> None:
        """Forget the movie with this id."""
        if self._movies.pop(movie_id, None) is None:
            raise MovieNotFoundError(movie_id)

    def add_rating(self, movie_id: int, score: int) -> Rating:
        """Add a rating to a movie."""
        if movie_id not in self._movies:
            raise MovieNotFoundError(movie_id)
        rating = Rating(id=next(self._rating_ids), movie_id=movie_id, score=score)
        self._movies[movie_id].ratings.append(rating)
        return rating
