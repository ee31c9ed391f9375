"""Give each test a database that the migrations have built."""

from collections.abc import Iterator

import pytest
from alembic import command
from alembic.config import Config
from fastapi.testclient import TestClient
from sqlmodel import Session

from movie_service.db import get_engine, get_session
from movie_service.main import app
from movie_service.repository import MovieRepository


@pytest.fixture(autouse=True)
def engine(tmp_path, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'migrated.db'}")
    command.upgrade(
        Config("alembic.ini", attributes={"configure_logger": False}), "head"
    )
    engine = get_engine()
    yield engine
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
