from __future__ import annotations

from typing import Optional

from sqlmodel import Field, Relationship, SQLModel


class Movie(SQLModel, table=True):
    id: Optional[int] = Field(default=None, primary_key=True)
    title: str = Field(index=True, unique=True)
    year: int = Field(ge=1900, le=2100)
    genre: str = Field(default="Unknown", index=True)

    ratings: list["Rating"] = Relationship(back_populates="movie")


class Rating(SQLModel, table=True):
    id: Optional[int] = Field(default=None, primary_key=True)
    movie_id: int = Field(foreign_key="movie.id")
    score: int = Field(ge=1, le=5)

    movie: Movie = Relationship(back_populates="ratings")
