from collections.abc import Generator

import pytest
from sqlmodel import Session, SQLModel, create_engine

from app.dependencies import get_repository
from app.repository import MovieRepository

TEST_DB = "sqlite:///./test_movies.db"
engine = create_engine(TEST_DB, connect_args={"check_same_thread": False})


@pytest.fixture(autouse=True)
def _clean_db() -> Generator[None, None, None]:
    SQLModel.metadata.create_all(engine)
    yield
    SQLModel.metadata.drop_all(engine)


@pytest.fixture
def repository(monkeypatch) -> MovieRepository:
    def _override_repo():
        with Session(engine) as session:
            yield MovieRepository(session)

    monkeypatch.setattr("app.dependencies.get_repository", _override_repo)
    with Session(engine) as session:
        yield MovieRepository(session)
