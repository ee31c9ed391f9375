"""The engine of the service and its sessions."""

import os
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Engine, event
from sqlmodel import Session, create_engine

DATABASE_URL = os.getenv("DATABASE_URL", "sqlite:///./movies.db")
engine = create_engine(DATABASE_URL)

if engine.dialect.name == "sqlite":
    Path(engine.url.database).parent.mkdir(parents=True, exist_ok=True)

    @event.listens_for(engine, "connect")
    def enforce_foreign_keys(connection, record):
        cursor = connection.cursor()
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.close()


def get_database_url() -> str:
    return DATABASE_URL


def get_engine() -> Engine:
    return engine


def get_session() -> Iterator[Session]:
    with Session(engine) as session:
        yield session
