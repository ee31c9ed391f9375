"""Open a gradebook's database, SQLite or PostgreSQL, and bring it up to date."""

import contextlib
import fcntl
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import URL, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

from grader.errors import MisuseError

HISTORY = Path(__file__).parent / "history"
VERSION_TABLE = "gradebook_version"
POSTGRESQL = "postgresql+psycopg"
PATIENCE_S = 30
LOCK = 5_064_711_902  # any number that no other program is likely to take
NO_DRIVER = "pip install 'movie-service-lab[postgresql]'"


def parse_url(given: str) -> URL:
    """Read where a gradebook is: a path, or the URL of a database.

    Raises:
        MisuseError: if it is of a kind that is not supported.
    """
    if "://" not in given:
        return URL.create("sqlite", database=str(Path(given).expanduser().absolute()))
    try:
        url = make_url(given)
    except (ArgumentError, ValueError) as error:
        raise _refused(given.partition("://")[0] + "://…", "is no URL") from error
    kind = url.drivername.partition("+")[0]
    if kind == "sqlite" and url.database:
        return url.set(drivername="sqlite")
    if kind in {"postgresql", "postgres"}:
        return url.set(drivername=POSTGRESQL)
    raise _refused(shown(url), "is neither SQLite nor PostgreSQL")


def shown(url: URL) -> str:
    """Name a gradebook for people, without its password."""
    if url.drivername == "sqlite":
        return str(url.database)
    return url.set(drivername="postgresql").render_as_string(hide_password=True)


def folder_of(url: URL) -> Path | None:
    """Return the folder that a gradebook lies in, where it lies in one."""
    if url.drivername == "sqlite" and url.database:
        return Path(url.database).parent
    return None


def open_database(url: URL, *, create: bool) -> Engine:
    """Open a gradebook's database, and make or upgrade its tables.

    Args:
        url: As ``parse_url`` gives it.
        create: Whether it may be made.

    Raises:
        MisuseError: if it cannot be opened, is not a gradebook, or is a newer one.
    """
    place = Path(url.database or "") if url.drivername == "sqlite" else None
    if place is not None and not place.is_file():
        if not create:
            raise _refused(str(place), "is not there")
        if not place.parent.is_dir():
            raise _refused(str(place), "would lie in a folder that is not there")
    try:
        engine = _engine(url)
    except ModuleNotFoundError as error:
        raise MisuseError(
            problem=f"{error.name} is missing, which speaks with PostgreSQL.",
            next_step=f"Install it: {NO_DRIVER}",
        ) from error
    try:
        _upgrade(engine, shown(url), create=create)
    except SQLAlchemyError as error:
        engine.dispose()
        cause = error.orig if isinstance(error, DBAPIError) else error
        said = (str(cause).strip().splitlines() or [type(error).__name__])[0]
        raise _refused(shown(url), f"cannot be opened ({said})") from error
    except BaseException:
        engine.dispose()
        raise
    return engine


def _engine(url: URL) -> Engine:
    if url.drivername != "sqlite":
        return create_engine(url, pool_pre_ping=True)
    engine = create_engine(url, connect_args={"timeout": PATIENCE_S})
    event.listen(engine, "connect", _prepare)
    return engine


def _prepare(connection: sqlite3.Connection, _record: Any) -> None:
    for pragma in ("journal_mode=WAL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}").close()


def _upgrade(engine: Engine, name: str, *, create: bool) -> None:
    config = Config()
    config.set_main_option("script_location", str(HISTORY).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    known = ScriptDirectory.from_config(config)
    with engine.begin() as connection:
        options = {"version_table": VERSION_TABLE}
        context = MigrationContext.configure(connection, opts=options)
        version = context.get_current_revision()
        if version == known.get_current_head():
            return
        if version is None and inspect(connection).get_table_names():
            raise _refused(name, "is a database of something else")
        if version is None and not create:
            raise _refused(name, "holds no gradebook yet")
        if version is not None and not _knows(known, version):
            raise MisuseError(
                problem=f"{name} was made by a newer grader (version {version}).",
                next_step="Upgrade this grader; the gradebook was not touched.",
            )
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _knows(history: ScriptDirectory, version: str) -> bool:
    try:
        return history.get_revision(version) is not None
    except CommandError:
        return False


@contextlib.contextmanager
def alone(engine: Engine) -> Iterator[None]:
    """Be the only one that grades into a gradebook; the system ends it with us.

    Raises:
        MisuseError: if somebody else grades into it.
    """
    if engine.url.drivername == "sqlite":
        with Path(f"{engine.url.database}.lock").open("w", encoding="utf-8") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise _busy(engine) from error
            yield
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as session:
        taken = session.execute(text(f"SELECT pg_try_advisory_lock({LOCK})"))
        if not taken.scalar():
            raise _busy(engine)
        try:
            yield
        finally:
            session.execute(text(f"SELECT pg_advisory_unlock({LOCK})"))


def _busy(engine: Engine) -> MisuseError:
    return MisuseError(
        problem=f"Another run is grading into {shown(engine.url)}.",
        next_step="Wait for its end, or stop it; nothing is graded twice then.",
    )


def _refused(name: str, why: str) -> MisuseError:
    return MisuseError(
        problem=f"The gradebook {name} {why}.",
        next_step=(
            "Give --gradebook a file like gradebook.db, which `grader class` makes, "
            "or postgresql://USER@HOST/DATABASE."
        ),
    )
