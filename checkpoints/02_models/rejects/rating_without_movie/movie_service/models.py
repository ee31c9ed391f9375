"""The tables, and what goes in and out of the service."""

# Never postpone this module's annotations (`from __future__ import annotations`):
# Relationship() reads the real types, and the first query would fail.

from typing import Annotated

from pydantic import StringConstraints
from sqlalchemy import CheckConstraint
from sqlmodel import Field, Relationship, SQLModel

# A constraint can be changed by a later migration only if it has a name.
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

Title = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)
]
Genre = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)
]


class Movie(SQLModel, table=True):
    """A row of the table `movie`; building one validates nothing."""

    __table_args__ = (CheckConstraint("year BETWEEN 1900 AND 2100", name="year_range"),)

    id: int | None = Field(default=None, primary_key=True)
    title: str = Field(index=True, unique=True)
    year: int = Field(ge=1900, le=2100)
    genre: str = Field(default="Unknown", index=True)

    ratings: list["Rating"] = Relationship(cascade_delete=True)


class Rating(SQLModel, table=True):
    """A row of the table `rating`; building one validates nothing."""

    __table_args__ = (CheckConstraint("score BETWEEN 1 AND 5", name="score_range"),)

    id: int | None = Field(default=None, primary_key=True)
    movie_id: int = Field(foreign_key="movie.id", index=True, ondelete="CASCADE")
    score: int = Field(ge=1, le=5)


class MovieCreate(SQLModel):
    """What a client sends to add a movie."""

    title: Title
    year: int = Field(ge=1900, le=2100)
    genre: Genre = "Unknown"


class RatingCreate(SQLModel):
    """What a client sends to rate a movie."""

    score: int = Field(ge=1, le=5)


class RatingRead(SQLModel):
    """A rating as a client sees it."""

    id: int
    movie_id: int
    score: int


class MovieRead(SQLModel):
    """A movie as a client sees it."""

    id: int
    title: str
    year: int
    genre: str


class MovieWithRatings(MovieRead):
    """A movie together with its ratings."""

    ratings: list[RatingRead] = []
