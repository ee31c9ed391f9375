"""What a movie looks like on its way in and out of the service."""

from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

Title = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)
]
Genre = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)
]


class MovieCreate(BaseModel):
    """What a client sends to add a movie."""

    title: Title
    year: int = Field(ge=1900, le=2100)
    genre: Genre = "Unknown"


class Movie(BaseModel):
    """A movie as the service keeps it."""

    id: int
    title: str
    year: int
    genre: str
