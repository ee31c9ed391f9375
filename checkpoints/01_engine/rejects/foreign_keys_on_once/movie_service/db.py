"""The engine of the service and its sessions."""

import os
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Engine
from sqlmodel import Session, create_engine

DATABASE_URL = os.getenv("DATABASE_URL", "sqlite:///./movies.db")
engine = create_engine(DATABASE_URL)

if engine.dialect.name == "sqlite":
    Path(engine.url.database).parent.mkdir(parents=True, exist_ok=True)

ready = False


def get_database_url() -> str:
    return DATABASE_URL


def get_engine() -> Engine:
    global ready
    if not ready:
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA foreign_keys=ON")
        ready = True
    return engine


def get_session() -> Iterator[Session]:
    with Session(get_engine()) as session:
        yield session
