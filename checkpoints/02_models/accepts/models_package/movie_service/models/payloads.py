"""What goes in and out of the service."""

from typing import Annotated

from pydantic import StringConstraints
from sqlmodel import Field, SQLModel

Title = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)
]
Genre = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)
]


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
