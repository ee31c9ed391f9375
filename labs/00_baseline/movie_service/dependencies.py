"""Hand the routes what they need."""

from functools import cache
from typing import Annotated

from fastapi import Depends

from .repository import MovieRepository


@cache
def get_repository() -> MovieRepository:
    """Return the one repository of this process."""
    return MovieRepository()


RepositoryDep = Annotated[MovieRepository, Depends(get_repository)]
