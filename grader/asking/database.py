"""Read a submission's SQLite file on the trusted side, as the hostile data it is."""

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .sqlite_copy import SqliteCopy, UnreadableError

__all__ = ["Column", "Database", "ForeignKey", "UnreadableError"]

BOOKKEEPING = frozenset({"alembic_version"})
MOST_TABLES = 200
TABLES = "SELECT name, sql FROM sqlite_master WHERE type = 'table'"


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

    Each fact is read once. Raises ``UnreadableError`` where the file cannot be read.
    """

    def __init__(self, content: bytes, companions: Mapping[str, bytes]) -> None:
        self._copy = SqliteCopy(content, companions)

    def tables(self) -> list[str]:
        """Name the tables, without SQLite's and Alembic's own."""
        names = sorted(self._definitions())
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
        return self._definitions().get(table, "")

    def rows(self, table: str) -> list[dict[str, Any]]:
        """Return the rows of a table, ordered by its first column."""
        real = {name.lower() for name in self._definitions()}
        names = list(self.columns(table)) if table.lower() in real else []
        if not names:
            return []
        listed = ", ".join(map(_quoted, names))  # no generated column, which is code
        rows = self._copy.query(
            f"SELECT {listed} FROM {_quoted(table)} ORDER BY 1"  # noqa: S608
        )
        return [dict(zip(names, row, strict=True)) for row in rows]

    def count(self, table: str) -> int:
        """Count the rows of a table; 0 if there is none such."""
        return len(self.rows(table)) if table in self.tables() else 0

    def revision(self) -> str | None:
        """Return the Alembic revision that the file claims."""
        with contextlib.suppress(UnreadableError):
            rows = self._copy.query("SELECT version_num FROM alembic_version")
            return str(rows[0][0]) if rows else None
        return None

    def orphans(self) -> int:
        """Count the rows whose foreign key points at nothing."""
        return len(self._copy.query("PRAGMA foreign_key_check"))

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

    def _definitions(self) -> dict[str, str]:
        """Map the real tables to their definitions: no view and no virtual table."""
        found = {
            str(name): str(sql)
            for name, sql in self._copy.query(TABLES)
            if str(sql).upper().startswith("CREATE TABLE")
        }
        if len(found) > MOST_TABLES:
            raise UnreadableError(f"it has {len(found)} tables")
        return found

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
        return self._copy.query(f"PRAGMA {pragma}({_quoted(argument)})")


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
