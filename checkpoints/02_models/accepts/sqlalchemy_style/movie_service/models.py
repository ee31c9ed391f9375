"""The tables in SQLAlchemy's own style; payloads and answers in pydantic's."""

from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints
from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

Title = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)
]
Genre = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)
]


class Base(DeclarativeBase):
    pass


class Movie(Base):
    __tablename__ = "movie"
    __table_args__ = (
        CheckConstraint("year BETWEEN 1900 AND 2100", name="ck_movie_year_range"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String, unique=True, index=True)
    year: Mapped[int]
    genre: Mapped[str] = mapped_column(String, default="Unknown", index=True)

    ratings: Mapped[list["Rating"]] = relationship(
        back_populates="movie", cascade="all, delete-orphan"
    )


class Rating(Base):
    __tablename__ = "rating"
    __table_args__ = (
        CheckConstraint("score BETWEEN 1 AND 5", name="ck_rating_score_range"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    movie_id: Mapped[int] = mapped_column(
        ForeignKey("movie.id", ondelete="CASCADE"), index=True
    )
    score: Mapped[int]

    movie: Mapped[Movie] = relationship(back_populates="ratings")


class MovieCreate(BaseModel):
    title: Title
    year: int = Field(ge=1900, le=2100)
    genre: Genre = "Unknown"


class RatingCreate(BaseModel):
    score: int = Field(ge=1, le=5)


class RatingRead(BaseModel):
    id: int
    movie_id: int
    score: int


class MovieRead(BaseModel):
    id: int
    title: str
    year: int
    genre: str


class MovieWithRatings(MovieRead):
    ratings: list[RatingRead] = []
