"""Read a submission's SQLite file on the trusted side, as the hostile data it is."""

import contextlib
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

STEPS_LIMIT = 2_000_000
ROW_LIMIT = 20_000
LENGTH_LIMIT = 1_000_000
BOOKKEEPING = frozenset({"alembic_version"})


class UnreadableError(Exception):
    """Say that a file is no SQLite database that can be read."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column, as SQLite describes it."""

    name: str
    type: str
    required: bool
    """NOT NULL, or part of the primary key."""
    default: str | None
    primary_key: bool


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """One foreign key of one column."""

    column: str
    table: str
    target: str
    on_delete: str


class Database:
    """A copy of the database file as it was at one moment.

    Facts are read once, through a connection that trusts nothing in the file and is
    closed at once. Raises ``UnreadableError`` where the file cannot be read.
    """

    def __init__(self, content: bytes, companions: Mapping[str, bytes]) -> None:
        self._content = content
        self._companions = dict(companions)

    def tables(self) -> list[str]:
        """Name the tables, without SQLite's and Alembic's own."""
        rows = self._query("SELECT name FROM sqlite_master WHERE type = 'table'")
        names = sorted(str(name) for (name,) in rows)
        return [n for n in names if n not in BOOKKEEPING and n[:7] != "sqlite_"]

    def columns(self, table: str) -> dict[str, Column]:
        """Map the columns of a table by name, in order."""
        return {
            str(name): Column(
                str(name), str(kind).upper(), bool(required or key), default, bool(key)
            )
            for _, name, kind, required, default, key in self._pragma(
                "table_info", table
            )
        }

    def unique_sets(self, table: str) -> set[frozenset[str]]:
        """Return the sets of columns that the database keeps unique."""
        return self._index_sets(table, unique=True)

    def indexed_sets(self, table: str) -> set[frozenset[str]]:
        """Return the sets of columns that have an index of any kind."""
        return self._index_sets(table, unique=False)

    def foreign_keys(self, table: str) -> list[ForeignKey]:
        """List the foreign keys of a table."""
        found = []
        for row in self._pragma("foreign_key_list", table):
            _, _, target, column, to, _, on_delete, *_ = row
            found.append(
                ForeignKey(str(column), str(target), str(to or "id"), str(on_delete))
            )
        return sorted(found, key=lambda key: key.column)

    def definition(self, table: str) -> str:
        """Return the statement that created a table; nothing if there is none such."""
        rows = self._query("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
        return next((str(sql) for name, sql in rows if name == table), "")

    def rows(self, table: str) -> list[dict[str, Any]]:
        """Return the rows of a table, ordered by its first column."""
        names = list(self.columns(table))
        if not names:
            return []
        rows = self._query(f"SELECT * FROM {_quoted(table)} ORDER BY 1")  # noqa: S608
        return [dict(zip(names, row, strict=False)) for row in rows]

    def count(self, table: str) -> int:
        """Count the rows of a table; 0 if there is none such."""
        return len(self.rows(table)) if table in self.tables() else 0

    def revision(self) -> str | None:
        """Return the Alembic revision that the file claims."""
        with contextlib.suppress(UnreadableError):
            rows = self._query("SELECT version_num FROM alembic_version")
            return str(rows[0][0]) if rows else None
        return None

    def orphans(self) -> int:
        """Count the rows whose foreign key points at nothing."""
        return len(self._query("PRAGMA foreign_key_check"))

    def schema(self) -> dict[str, Any]:
        """Describe the tables, leaving out what may differ between right answers.

        Names of indexes and constraints are left out; a unique index and a unique
        constraint count as the same, as does the order of columns.
        """
        return {
            table: {
                "columns": {
                    name: (column.type, column.required, column.primary_key)
                    for name, column in sorted(self.columns(table).items())
                },
                "unique": sorted(sorted(s) for s in self.unique_sets(table)),
                "foreign_keys": [
                    (key.column, key.table, key.target)
                    for key in self.foreign_keys(table)
                ],
            }
            for table in self.tables()
        }

    def _index_sets(self, table: str, *, unique: bool) -> set[frozenset[str]]:
        found = set()
        for _, name, is_unique, _, partial in self._pragma("index_list", table):
            if unique and (not is_unique or partial):
                continue
            columns = self._pragma("index_info", str(name))
            found.add(frozenset(str(column) for _, _, column in columns))
        for column in self.columns(table).values():
            if column.primary_key:
                found.add(frozenset({column.name}))
        return found

    def _pragma(self, pragma: str, argument: str) -> list[tuple[Any, ...]]:
        return self._query(f"PRAGMA {pragma}({_quoted(argument)})")

    def _query(self, statement: str) -> list[tuple[Any, ...]]:
        try:
            with self._connected() as connection:
                return connection.execute(statement).fetchmany(ROW_LIMIT)
        except (sqlite3.Error, ValueError, OverflowError, MemoryError) as error:
            raise UnreadableError(str(error)) from error

    @contextlib.contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        with tempfile.TemporaryDirectory(prefix="grader-db-") as folder:
            path = Path(folder, "copy.db")
            path.write_bytes(self._content)
            for suffix, content in self._companions.items():
                Path(folder, f"copy.db{suffix}").write_bytes(content)
            # Ours alone, so writable: recovering a journal needs that.
            connection = sqlite3.connect(path, isolation_level=None)
            try:
                _distrust(connection)
                yield connection
            finally:
                connection.close()


def _distrust(connection: sqlite3.Connection) -> None:
    connection.text_factory = lambda raw: raw.decode("utf-8", "replace")
    connection.execute("PRAGMA trusted_schema=OFF")
    connection.execute("PRAGMA query_only=ON")
    connection.execute("PRAGMA cell_size_check=ON")
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LENGTH_LIMIT)
    connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    steps = iter(range(STEPS_LIMIT // 1000))
    connection.set_progress_handler(lambda: next(steps, None) is None, 1000)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
