"""Give the tests a repository on a database file of their own."""

import pytest
from sqlmodel import Session, SQLModel, create_engine

from movie_service.repository import MovieRepository

test_engine = create_engine("sqlite:///./test_movies.db")


@pytest.fixture(autouse=True)
def fresh_tables():
    SQLModel.metadata.create_all(test_engine)
    yield
    SQLModel.metadata.drop_all(test_engine)


@pytest.fixture
def repository(monkeypatch):
    def on_test_engine():
        with Session(test_engine) as session:
            yield MovieRepository(session)

    monkeypatch.setattr("movie_service.dependencies.get_repository", on_test_engine)
    with Session(test_engine) as session:
        yield MovieRepository(session)
