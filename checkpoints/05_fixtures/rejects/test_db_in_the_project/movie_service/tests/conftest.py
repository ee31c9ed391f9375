"""Use a database file of the tests."""

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
def engine():
    engine = create_engine("sqlite:///./test.db")
    event.listen(engine, "connect", enforce)
    SQLModel.metadata.create_all(engine)
    yield engine
    SQLModel.metadata.drop_all(engine)
    engine.dispose()


@pytest.fixture
def client(engine) -> Iterator[TestClient]:
    def override() -> Iterator[Session]:
        with Session(engine) as session:
            yield session

    app.dependency_overrides[get_session] = override
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client
    app.dependency_overrides.clear()


@pytest.fixture
def stored(engine) -> Iterator[Session]:
    with Session(engine) as session:
        yield session


@pytest.fixture
def repository(engine) -> Iterator[MovieRepository]:
    with Session(engine) as session:
        yield MovieRepository(session)
