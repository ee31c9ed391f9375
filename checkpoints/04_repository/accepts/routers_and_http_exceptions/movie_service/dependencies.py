from typing import Annotated

from fastapi import Depends
from sqlmodel import Session

from .db import get_session
from .repository import MovieRepository


def get_repository(session: Annotated[Session, Depends(get_session)]):
    yield MovieRepository(session)


RepositoryDep = Annotated[MovieRepository, Depends(get_repository)]
