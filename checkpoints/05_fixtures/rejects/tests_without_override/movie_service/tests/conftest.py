"""Give the tests a client."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from movie_service.db import get_engine
from movie_service.main import app
from movie_service.repository import MovieRepository


@pytest.fixture
def engine():
    return get_engine()


@pytest.fixture
def client() -> Iterator[TestClient]:
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def stored(engine) -> Iterator[Session]:
    with Session(engine) as session:
        yield session


@pytest.fixture
def repository(engine) -> Iterator[MovieRepository]:
    with Session(engine) as session:
        yield MovieRepository(session)
