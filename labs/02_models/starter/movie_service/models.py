"""The tables, and what goes in and out of the service."""

from typing import Annotated

from pydantic import StringConstraints
from sqlmodel import Field, SQLModel

# TODO(models): set SQLModel.metadata.naming_convention, so that every constraint has a
# name by which a later migration can find it.

Title = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)
]
Genre = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)
]


class Movie(SQLModel):
    """A movie as the service keeps it."""

    # TODO(models): make this a table. `id` is the primary key, `title` is unique and
    # indexed, `genre` is indexed, and `ratings` is a Relationship to Rating.
    id: int | None = None
    title: str
    year: int
    genre: str = "Unknown"


# TODO(models): add the table Rating: id, movie_id (a foreign key to movie.id), score,
# and the Relationship `movie` back to Movie.


class MovieCreate(SQLModel):
    """What a client sends to add a movie."""

    title: Title
    year: int = Field(ge=1900, le=2100)
    genre: Genre = "Unknown"


# TODO(models): add RatingCreate (a score from 1 to 5), RatingRead, MovieRead, and
# MovieWithRatings, which is a MovieRead with its list of RatingRead.
