"""Give the service one engine for each database url and one session a request."""

from collections.abc import Iterator

from sqlalchemy import Engine
from sqlmodel import Session

DEFAULT_DATABASE_URL = "sqlite:///./movies.db"


def get_database_url() -> str:
    """Return the url from `DATABASE_URL`, or the default file."""
    # TODO(engine): read the environment variable DATABASE_URL first.
    return DEFAULT_DATABASE_URL


def get_engine() -> Engine:
    """Return the engine of the configured url, creating it on first use."""
    # TODO(engine): create one engine for each url and keep it. On SQLite, let every
    # new connection run "PRAGMA foreign_keys=ON", and create the file's folder.
    raise NotImplementedError("get_engine() is yours to write.")


def get_session() -> Iterator[Session]:
    """Open a session for one request and close it afterwards."""
    # TODO(engine): open a Session on get_engine() with `with`, and yield it.
    raise NotImplementedError("get_session() is yours to write.")
