"""Give each test a database file of its own, and the app a session per request."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry
from sqlmodel import Session, create_engine

from movie_service.db import get_session
from movie_service.main import app
from movie_service.models import Movie
from movie_service.repository import MovieRepository


@pytest.fixture(autouse=True)
def no_real_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep whatever opens the configured database away from the real one."""
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'configured.db'}")


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """Create an empty database with the models' tables in it."""
    engine = create_engine(f"sqlite:///{tmp_path / 'movies.db'}")
    event.listen(engine, "connect", _prepare_connection)
    Movie.metadata.create_all(engine)
    yield engine
    engine.dispose()


def _prepare_connection(
    connection: DBAPIConnection, _entry: ConnectionPoolEntry
) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys=ON")
    # This file need not survive a power cut.
    cursor.execute("PRAGMA synchronous=OFF")
    cursor.close()


@pytest.fixture(scope="session")
def running_app() -> Iterator[TestClient]:
    """Start the app once: it holds nothing that one test could leave for another."""
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def client(running_app: TestClient, engine: Engine) -> Iterator[TestClient]:
    """Talk to the app, which opens a session on this test's database per request."""

    def session_of_one_request() -> Iterator[Session]:
        with Session(engine) as session:
            yield session

    app.dependency_overrides[get_session] = session_of_one_request
    yield running_app
    del app.dependency_overrides[get_session]


@pytest.fixture
def stored(engine: Engine) -> Iterator[Session]:
    """Read what is really stored, through a session that nobody writes with."""
    with Session(engine) as session:
        yield session


@pytest.fixture
def repository(engine: Engine) -> Iterator[MovieRepository]:
    """Use a repository on a session of its own."""
    with Session(engine) as session:
        yield MovieRepository(session)
