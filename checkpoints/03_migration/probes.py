"""Questions about the migrations, and rows to carry through them."""

import io
import os
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from checkpoints.probes import create_tables, url_in_world


def create_all(box: Any, path: str) -> bool:
    """Create the models' tables in a file of their own, for comparison."""
    create_tables(box, url_in_world(box, path))
    return True


def revisions(box: Any) -> list[str]:
    """List the revisions from the first to the last."""
    from alembic.script import ScriptDirectory

    script = ScriptDirectory.from_config(_config(box))
    return [revision.revision for revision in script.walk_revisions()][::-1]


def upgrade_elsewhere(box: Any, path: str) -> bool:
    """Upgrade the file at a path below the world's folder, by DATABASE_URL."""
    from alembic import command

    # No code of the submission has run yet that could have read it.
    os.environ["DATABASE_URL"] = url_in_world(box, path)
    command.upgrade(_config(box), "head")
    return True


def upgrade_and_watch(box: Any, table: str) -> bool:
    """Upgrade, with one more table for whoever calls ``create_all`` on the way."""
    from alembic import command
    from sqlalchemy import Column, Integer, MetaData, Table

    original = MetaData.create_all

    def create_more(metadata: Any, *arguments: Any, **options: Any) -> None:
        if table not in metadata.tables:
            Table(table, metadata, Column("id", Integer, primary_key=True))
        original(metadata, *arguments, **options)

    type.__setattr__(MetaData, "create_all", create_more)
    command.upgrade(_config(box), "head")
    return True


def _config(box: Any) -> Any:
    from alembic.config import Config

    return Config(box.paths.get("alembic_ini", "alembic.ini"), stdout=io.StringIO())


def store(box: Any, path: str, rows: dict[str, list[dict[str, Any]]]) -> bool:
    """Store rows in the tables as they are now, filling columns that need a value."""
    connection = sqlite3.connect(Path(box.world["root"], path))
    with connection:
        for table, entries in rows.items():
            columns = list(connection.execute(f'PRAGMA table_info("{table}")'))
            for entry in entries:
                values = _fill(columns, entry)
                names = ", ".join(f'"{name}"' for name in values)
                marks = ", ".join("?" * len(values))
                statement = f'INSERT INTO "{table}" ({names}) VALUES ({marks})'  # noqa: S608 - our names
                connection.execute(statement, list(values.values()))
    connection.close()
    return True


def _fill(columns: list[Any], entry: dict[str, Any]) -> dict[str, Any]:
    values = {}
    for _, name, kind, required, default, _ in columns:
        if name in entry:
            values[name] = entry[name]
        elif required and default is None:
            is_number = any(part in kind.upper() for part in ("INT", "NUM", "REAL"))
            values[name] = 1 if is_number else "2000-01-01 00:00:00"
    return values
