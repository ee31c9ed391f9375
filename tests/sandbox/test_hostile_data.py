"""What a submission sends or leaves behind, read on the trusted side within bounds."""

import contextlib
import socket
import sqlite3
import struct
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from grader.asking import events
from grader.asking.database import Database, UnreadableError
from grader.asking.transport import Transport, until
from grader.submission.adaptation import Asked, asked_names
from grader.submission.tree import Tree
from grader.untrusted import decode_json

JOURNAL_MAGIC = bytes.fromhex("d9d505f920a163d7")
PAGE = 4096
LOCK_PAGE = 0x40000000 // PAGE + 1


def made(folder: Path, *statements: str) -> Database:
    """Make a database file by statements, and read it as a submission's."""
    path = folder / "made.db"
    with contextlib.closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()
    return Database(path.read_bytes(), {})


def test_a_journal_deletes_no_file_of_ours(tmp_path: Path) -> None:
    """Recovering a journal that names another one would end with deleting that."""
    precious = tmp_path / "precious.txt"
    precious.write_text("a thesis")
    name = str(precious).encode()
    path = tmp_path / "movies.db"
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("CREATE TABLE movie (id INTEGER PRIMARY KEY, title TEXT)")
        connection.executemany(
            "INSERT INTO movie (title) VALUES (?)", [("x" * 50,)] * 2_000
        )
        connection.execute("PRAGMA cache_size=2")
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("UPDATE movie SET title = 'y'")
        journal = bytearray(Path(f"{path}-journal").read_bytes())
        content = path.read_bytes()
    pages = (len(journal) - 512) // (PAGE + 8)
    journal[:12] = JOURNAL_MAGIC + struct.pack(">I", pages)
    del journal[512 + pages * (PAGE + 8) :]
    journal += struct.pack(">I", LOCK_PAGE) + name
    journal += struct.pack(">II", len(name), sum(name)) + JOURNAL_MAGIC

    with pytest.raises(UnreadableError):
        Database(content, {"-journal": bytes(journal)}).count("movie")

    assert precious.read_text() == "a thesis"


def test_a_view_is_no_table(tmp_path: Path) -> None:
    """What takes the place of a table and is code has no rows."""
    rows = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i FROM n) SELECT i FROM n"
    database = made(tmp_path, f"CREATE VIEW movie AS {rows}")

    assert (database.tables(), database.rows("movie")) == ([], [])


def test_a_virtual_table_is_no_table(tmp_path: Path) -> None:
    """A table that a module of SQLite's makes up is not read."""
    database = made(tmp_path, "CREATE VIRTUAL TABLE movie USING rtree(id, a, b)")

    assert "movie" not in database.tables()
    assert database.rows("movie") == []


def test_rows_hold_only_what_is_stored(tmp_path: Path) -> None:
    """A generated column makes megabytes of nothing, so it is not asked for."""
    database = made(
        tmp_path,
        "CREATE TABLE movie (id INTEGER PRIMARY KEY,"
        " title TEXT AS (hex(zeroblob(400000))))",
        "INSERT INTO movie (id) VALUES (1)",
    )

    assert database.rows("movie") == [{"id": 1}]


def test_too_much_is_not_taken_in(tmp_path: Path) -> None:
    """A statement stops once it has brought far too much."""
    database = made(tmp_path, "CREATE VIEW alembic_version AS SELECT 1 version_num")
    spun = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"

    with pytest.raises(UnreadableError, match="too much"):
        database._copy.query(f"{spun} SELECT hex(zeroblob(400000)) FROM n")  # noqa: S608, SLF001


def test_very_many_tables_are_not_described(tmp_path: Path) -> None:
    """Describing each would take hours."""
    database = made(tmp_path, *(f"CREATE TABLE t{n} (id)" for n in range(300)))

    with pytest.raises(UnreadableError, match="300 tables"):
        database.schema()


@pytest.mark.parametrize(
    "text",
    ["NaN", "-Infinity", "1e999", "9" * 5_000, "[" * 500 + "]" * 500, "[" * 100_000],
)
def test_odd_json_is_none(text: str) -> None:
    """A value that could break what compares, computes or shows it is refused."""
    with pytest.raises(ValueError, match=r"."):
        decode_json(f'{{"value": {text}}}')


def test_a_long_log_is_cut() -> None:
    """Of millions of events only the first are decoded."""
    found = events.decode(b'{"kind": "sql", "text": "x"}\n' * 100_000)

    assert len(found.all) == events.MOST


def test_deep_attributes_are_no_names() -> None:
    """Expressions nested just below what can be parsed do not exhaust the stack."""
    source = b"import app\nx = app" + b".a" * 900 + b"\ny = (" + b"1+" * 900 + b"1).z"

    assert asked_names(Tree({"t.py": source}), ["t.py"], "") == {Asked("app", "a")}


def dribble_header(client: socket.socket) -> None:
    """Send a header that never ends."""
    client.sendall(b"HTTP/1.1 200 OK\r\nX: ")
    while True:
        client.sendall(b"a")
        time.sleep(0.05)


def continue_for_ever(client: socket.socket) -> None:
    """Announce an answer again and again."""
    while True:
        client.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        time.sleep(0.05)


def dribble_body(client: socket.socket) -> None:
    """Send chunk after chunk."""
    client.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        client.sendall(b"1\r\na\r\n")
        time.sleep(0.05)


@pytest.mark.parametrize("behave", [dribble_header, continue_for_ever, dribble_body])
def test_an_answer_that_dribbles_ends(
    tmp_path: Path,
    behave: Callable[[socket.socket], None],
) -> None:
    """The time for an answer is a whole, not one for each byte."""
    with (
        serving(tmp_path, behave) as path,
        httpx.Client(transport=Transport(path), base_url="http://service") as client,
    ):
        started = time.monotonic()
        with pytest.raises(httpx.ReadTimeout):
            client.get("/", timeout=until(started + 0.5))

        assert time.monotonic() - started < 3


@contextlib.contextmanager
def serving(folder: Path, behave: Callable[[socket.socket], None]) -> Iterator[str]:
    """Answer one request on a Unix socket."""
    path = str(folder / "s")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path)
        listener.listen()

        def answer() -> None:
            with contextlib.suppress(OSError), listener.accept()[0] as client:
                client.recv(65_536)
                behave(client)

        thread = threading.Thread(target=answer)
        thread.start()
        yield path
        thread.join(timeout=5)
