"""Let the app use the test's database from the beginning."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, SQLModel, create_engine

from movie_service.db import get_session
from movie_service.main import app

current = {}


def session_of_the_test() -> Iterator[Session]:
    with Session(current["engine"]) as session:
        yield session


app.dependency_overrides[get_session] = session_of_the_test


@pytest.fixture(autouse=True)
def engine(tmp_path):
    current["engine"] = create_engine(f"sqlite:///{tmp_path / 'test.db'}")
    SQLModel.metadata.create_all(current["engine"])
    yield current["engine"]
    current["engine"].dispose()


@pytest.fixture
def client() -> TestClient:
    return TestClient(app, raise_server_exceptions=False)


@pytest.fixture
def stored(engine) -> Iterator[Session]:
    with Session(engine) as session:
        yield session
