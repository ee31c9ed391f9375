"""The table of ratings."""

from sqlalchemy import CheckConstraint
from sqlmodel import Field, Relationship, SQLModel

from .movie import Movie


class Rating(SQLModel, table=True):
    """A row of the table `rating`; building one validates nothing."""

    __table_args__ = (CheckConstraint("score BETWEEN 1 AND 5", name="score_range"),)

    id: int | None = Field(default=None, primary_key=True)
    movie_id: int = Field(foreign_key="movie.id", index=True, ondelete="CASCADE")
    score: int = Field(ge=1, le=5)

    movie: Movie = Relationship(back_populates="ratings")
