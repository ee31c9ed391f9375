"""Give the service one engine for each database url and one session a request."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from sqlalchemy import Engine, event
from sqlalchemy.engine import URL
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry
from sqlmodel import Session, create_engine

DEFAULT_DATABASE_URL = "sqlite:///./movies.db"


def get_database_url() -> str:
    """Return the url from `DATABASE_URL`, or the default file."""
    return os.environ.get("DATABASE_URL") or DEFAULT_DATABASE_URL


def get_engine() -> Engine:
    """Return the engine of the configured url, creating it on first use."""
    return _engine_for(get_database_url())


@contextmanager
def get_session() -> Iterator[Session]:
    """Open a session for one request and close it afterwards."""
    with Session(get_engine()) as session:
        yield session


@cache
def _engine_for(url: str) -> Engine:
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _enforce_foreign_keys)
        _create_parent_folder(engine.url)
    return engine


def _enforce_foreign_keys(
    connection: DBAPIConnection, _entry: ConnectionPoolEntry
) -> None:
    # SQLite checks no foreign key until each connection asks it to.
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _create_parent_folder(url: URL) -> None:
    # SQLite creates its file, but never the folder that the file lies in.
    if url.database and url.database != ":memory:" and "uri" not in url.query:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
