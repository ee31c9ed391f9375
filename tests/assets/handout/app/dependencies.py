from collections.abc import Generator
from typing import Annotated

from fastapi import Depends

from .db import get_session
from .repository import MovieRepository


def get_repository() -> Generator[MovieRepository, None, None]:
    with get_session() as session:
        yield MovieRepository(session)


RepositoryDep = Annotated[MovieRepository, Depends(get_repository)]
