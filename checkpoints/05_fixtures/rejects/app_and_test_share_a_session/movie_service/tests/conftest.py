"""Give each test a database file and one session on it."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import event
from sqlmodel import Session, SQLModel, create_engine

from movie_service.db import get_session
from movie_service.main import app
from movie_service.repository import MovieRepository


def enforce(connection, _entry) -> None:
    connection.execute("PRAGMA foreign_keys=ON")


@pytest.fixture
def engine(tmp_path):
    engine = create_engine(f"sqlite:///{tmp_path / 'test.db'}")
    event.listen(engine, "connect", enforce)
    SQLModel.metadata.create_all(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def stored(engine) -> Iterator[Session]:
    with Session(engine) as session:
        yield session


@pytest.fixture
def client(stored) -> Iterator[TestClient]:
    app.dependency_overrides[get_session] = lambda: stored
    yield TestClient(app, raise_server_exceptions=False)
    app.dependency_overrides.clear()


@pytest.fixture
def repository(stored) -> MovieRepository:
    return MovieRepository(stored)
