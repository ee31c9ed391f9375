"""Compare two databases: what their schemas do not agree on, and which rows are lost.

Names of indexes and constraints, the order of columns, a type's exact spelling and a
unique index in place of a unique constraint may differ between right answers.
"""

from collections.abc import Mapping
from typing import Any

from .database import Database

Facts = dict[str, dict[str, Any]]
Rows = dict[str, list[dict[str, Any]]]
AFFINITIES = (
    ("INT", "integer"),
    ("CHAR", "text"),
    ("CLOB", "text"),
    ("TEXT", "text"),
    ("STRING", "text"),
    ("BLOB", "blob"),
    ("REAL", "real"),
    ("FLOA", "real"),
    ("DOUB", "real"),
)


def affinity(kind: str) -> str:
    """Return what a column of a type holds, after SQLite's own rules."""
    return next((name for part, name in AFFINITIES if part in kind.upper()), "numeric")


def describe(database: Database) -> Facts:
    """Map each table to its facts: each column, and what is kept of them together."""
    return {table: _table(database, table) for table in database.tables()}


def _table(database: Database, table: str) -> dict[str, Any]:
    columns = {
        f"the column {column.name}": (
            affinity(column.type),
            column.required,
            column.primary_key,
        )
        for column in database.columns(table).values()
    }
    return {
        **columns,
        "what is unique": _in_order(database.unique_sets(table)),
        "what is indexed": _in_order(database.indexed_sets(table)),
        "the foreign keys": [
            (key.column, key.table, key.target, key.on_delete)
            for key in database.foreign_keys(table)
        ],
    }


def _in_order(sets: set[frozenset[str]]) -> list[list[str]]:
    """Give sets as they are shown: the same in every process."""
    return sorted(sorted(one) for one in sets)


def differences(wanted: Facts, found: Facts) -> list[tuple[str, str]]:
    """List what two descriptions do not agree on, as a table and one of its facts.

    A table that is in one of them alone has the fact ``"the table"``.
    """
    told = []
    for table in sorted(wanted.keys() | found.keys()):
        if table not in wanted or table not in found:
            told.append((table, "the table"))
            continue
        names = {**wanted[table], **found[table]}
        told += [
            (table, name)
            for name in names
            if wanted[table].get(name) != found[table].get(name)
        ]
    return told


def read_rows(database: Database) -> Rows:
    """Read all rows of all tables."""
    return {table: database.rows(table) for table in database.tables()}


def lost(before: Mapping[str, list[dict[str, Any]]], after: Rows) -> list[str]:
    """Say what is not there any more, by ``id``; columns that went do not count."""
    told = set()
    for table, entries in before.items():
        now = {str(row.get("id")): row for row in after.get(table, [])}
        for entry in entries:
            row = now.get(str(entry.get("id")))
            if row is None:
                told.add(f"a row of {table}")
            elif any(row[name] != entry[name] for name in entry if name in row):
                told.add(f"a value of {table}")
    return sorted(told)
