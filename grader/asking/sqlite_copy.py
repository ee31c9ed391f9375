"""Query a copy of a hostile SQLite file, bounded in time, memory and disk."""

import contextlib
import sqlite3
import tempfile
import time
import weakref
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

STEPS_LIMIT = 2_000_000
STEPS_BETWEEN = 1_000
ROW_LIMIT = 20_000
LENGTH_LIMIT = 1_000_000
COLUMN_LIMIT = 200
HEAP_LIMIT = 256 * 1024 * 1024
ANSWERS_LIMIT = 64 * 1024 * 1024
BUDGET_S = 10.0
JOURNAL_MAGIC = bytes.fromhex("d9d505f920a163d7")

Row = tuple[Any, ...]


class UnreadableError(Exception):
    """Say that a file is no SQLite database that can be read."""


class SqliteCopy:
    """A file's content and that of its companions, to be asked again and again."""

    def __init__(self, content: bytes, companions: Mapping[str, bytes]) -> None:
        """Keep the contents; nothing is opened yet."""
        self._content = content
        self._companions = dict(companions)
        self._answers: dict[str, list[Row]] = {}
        self._room = ANSWERS_LIMIT
        self._left_s = BUDGET_S
        self._connection: sqlite3.Connection | None = None

    def query(self, statement: str) -> list[Row]:
        """Return the rows of a statement of ours.

        Raises:
            UnreadableError: if the file is damaged, or the work would not end soon.
        """
        if statement not in self._answers:
            started = time.monotonic()
            try:
                rows = list(self._fetch(self._connected().execute(statement)))
            except (sqlite3.Error, ValueError, OverflowError, MemoryError) as error:
                raise UnreadableError(str(error) or type(error).__name__) from error
            finally:
                self._left_s -= time.monotonic() - started
            self._answers[statement] = rows
        return self._answers[statement]

    def _fetch(self, rows: Iterator[Row]) -> Iterator[Row]:
        for number, row in enumerate(rows):
            if number >= ROW_LIMIT:
                return
            self._room -= sum(_size(value) for value in row)
            if self._room < 0:
                raise UnreadableError("it holds far too much")
            yield row

    def _connected(self) -> sqlite3.Connection:
        """Return the connection, made with the first statement; bound the next one."""
        if self._left_s <= 0:
            raise UnreadableError("reading it takes far too long")
        if self._connection is None:
            with contextlib.ExitStack() as opening:
                made = tempfile.TemporaryDirectory(prefix="grader-db-")
                path = Path(opening.enter_context(made), "copy.db")
                path.write_bytes(self._content)
                for suffix, content in self._companions.items():
                    _refuse_other_files(suffix, content)
                    path.with_name(f"{path.name}{suffix}").write_bytes(content)
                # Ours alone, so writable: recovering a journal needs that.
                connection = sqlite3.connect(path, isolation_level=None)
                opening.callback(connection.close)
                _hurry(connection, time.monotonic() + self._left_s)
                _distrust(connection)
                self._connection = connection
                weakref.finalize(self, opening.pop_all().close)
        _hurry(self._connection, time.monotonic() + self._left_s)
        return self._connection


def _size(value: object) -> int:
    return 50 + len(value) if isinstance(value, str | bytes) else 50


def _refuse_other_files(suffix: str, content: bytes) -> None:
    """Refuse a journal that names another one: recovering it would delete that file."""
    if suffix == "-journal" and content.endswith(JOURNAL_MAGIC):
        raise UnreadableError("its journal names another file")


def _hurry(connection: sqlite3.Connection, deadline: float) -> None:
    """Interrupt a statement that takes too many steps, or too long."""
    steps = iter(range(STEPS_LIMIT // STEPS_BETWEEN))
    connection.set_progress_handler(
        lambda: next(steps, None) is None or time.monotonic() > deadline, STEPS_BETWEEN
    )


def _distrust(connection: sqlite3.Connection) -> None:
    connection.text_factory = lambda raw: raw.decode("utf-8", "replace")
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LENGTH_LIMIT)
    connection.setlimit(sqlite3.SQLITE_LIMIT_COLUMN, COLUMN_LIMIT)
    connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    connection.execute("PRAGMA trusted_schema=OFF")
    connection.execute("PRAGMA temp_store=MEMORY")  # no sorting on our disk
    connection.execute(f"PRAGMA hard_heap_limit={HEAP_LIMIT}")
    connection.execute("PRAGMA cell_size_check=ON")
    connection.execute("PRAGMA query_only=ON")
