"""Give each test its own file, by way of the repository."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import event
from sqlmodel import Session, SQLModel, create_engine

from movie_service.dependencies import get_repository
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
def client(engine) -> Iterator[TestClient]:
    def override() -> Iterator[MovieRepository]:
        with Session(engine) as session:
            yield MovieRepository(session)

    app.dependency_overrides[get_repository] = override
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
