"""Give each test a database file of its own, and the app a session per request."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from movie_service.main import app


@pytest.fixture(autouse=True)
def no_real_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep whatever opens the configured database away from the real one."""
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'configured.db'}")


# TODO(fixtures): a fixture `engine`: a SQLite file in tmp_path with all tables in it,
# thrown away after each test.


@pytest.fixture
def client() -> Iterator[TestClient]:
    """Talk to the app."""
    # TODO(fixtures): override get_session in app.dependency_overrides, so that every
    # request gets a new Session on your engine; take the override away afterwards.
    with TestClient(app) as client:
        yield client


# TODO(fixtures): a fixture `stored`: a second Session on the same engine, by which a
# test reads what was really committed.
