"""Keep movies and ratings in the database, through a session that it is given."""

from collections.abc import Sequence

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import selectinload
from sqlmodel import Session, col, select

from .errors import DuplicateTitleError, MovieNotFoundError
from .models import Movie, Rating


class MovieRepository:
    """Store and find movies and their ratings."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def list(self) -> Sequence[Movie]:
        """Return every movie with its ratings, ordered by title."""
        # Without selectinload, each movie's ratings would cost one more query.
        statement = (
            select(Movie)
            .order_by(col(Movie.title))
            .options(selectinload(Movie.ratings))  # type: ignore[arg-type]  # typed as a plain list
        )
        return self.session.exec(statement).all()

    def create(self, *, title: str, year: int, genre: str) -> Movie:
        """Store a movie.

        Raises:
            DuplicateTitleError: another movie has the title.
        """
        movie = Movie(title=title, year=year, genre=genre.title())
        self.session.add(movie)
        try:
            self.session.flush()
        except IntegrityError as error:
            # Only the database can tell when two equal requests race; asking it
            # first would not. A failed session is of no use until it rolls back.
            self.session.rollback()
            if self._has_title(title):
                raise DuplicateTitleError(title) from error
            raise
        self.session.refresh(movie)
        return movie

    def get(self, movie_id: int) -> Movie | None:
        """Return the movie with this id, or None."""
        return self.session.get(Movie, movie_id)

    def delete(self, movie_id: int) -> None:
        """Remove a movie and its ratings.

        Raises:
            MovieNotFoundError: no movie has the id.
        """
        self.session.delete(self._found(movie_id))
        self.session.flush()

    def add_rating(self, movie_id: int, score: int) -> Rating:
        """Store a rating of a movie.

        Raises:
            MovieNotFoundError: no movie has the id.
        """
        self._found(movie_id)
        rating = Rating(movie_id=movie_id, score=score)
        self.session.add(rating)
        try:
            self.session.flush()
        except IntegrityError:
            # The movie may have been deleted since we found it.
            self.session.rollback()
            self._found(movie_id)
            raise
        self.session.refresh(rating)
        return rating

    def _found(self, movie_id: int) -> Movie:
        movie = self.get(movie_id)
        if movie is None:
            raise MovieNotFoundError(movie_id)
        return movie

    def _has_title(self, title: str) -> bool:
        statement = select(Movie.id).where(Movie.title == title)
        return self.session.exec(statement).first() is not None
