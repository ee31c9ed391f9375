"""The table of movies."""

from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint
from sqlmodel import Field, Relationship, SQLModel

if TYPE_CHECKING:
    from .rating import Rating

# A constraint can be changed by a later migration only if it has a name.
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Movie(SQLModel, table=True):
    """A row of the table `movie`; building one validates nothing."""

    __table_args__ = (CheckConstraint("year BETWEEN 1900 AND 2100", name="year_range"),)

    id: int | None = Field(default=None, primary_key=True)
    title: str = Field(index=True, unique=True)
    year: int = Field(ge=1900, le=2100)
    genre: str = Field(default="Unknown", index=True)

    ratings: list["Rating"] = Relationship(back_populates="movie", cascade_delete=True)
