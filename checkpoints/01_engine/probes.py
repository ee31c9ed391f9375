"""Questions about the engine and its sessions."""

import contextlib
import json
import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from checkpoints.probes import open_session, url_in_world

SET_UP = ("init_db", "init_database", "create_db_and_tables", "create_tables")


class InterruptionError(RuntimeError):
    """What a route raises in the middle of its work."""


def answer_a_query(box: Any) -> Any:
    """Open a session and ask the database for a number."""
    with open_session(box) as session:
        return _execute(session, "SELECT 42").scalar()


def import_module(box: Any) -> bool:
    """Import the database module and use nothing of it."""
    box.module("db")
    return True


def write(box: Any, table: str, word: str, path: str | None = None) -> bool:
    """Store a word in a table of our own, and commit.

    ``path`` is where DATABASE_URL points instead, below the world's folder; "" unsets
    it. No code of the submission has run yet that could have read it.
    """
    if path:
        os.environ["DATABASE_URL"] = url_in_world(box, path)
    elif path is not None:
        os.environ.pop("DATABASE_URL", None)
    with open_session(box) as session:
        _execute(session, f'CREATE TABLE IF NOT EXISTS "{table}" (word TEXT)')
        _insert(session, table, word)
    return True


def read(box: Any, table: str) -> list[Any]:
    """Return the words of a table."""
    with open_session(box) as session:
        return _words(session, table)


def set_up(box: Any) -> list[str]:
    """Call the functions that set the database up; return their names."""
    module = box.module("db")
    called = [name for name in SET_UP if callable(getattr(module, name, None))]
    for name in called:
        getattr(module, name)()
    return called


def meet(box: Any, table: str, first: str, second: str) -> Any:
    """Let this process and another use the database at once; say what each saw."""
    wait, go = os.pipe()
    reading, telling = os.pipe()
    other = os.fork()
    if other == 0:
        _answer_in_the_other_process(box, table, second, (wait, telling))
    os.close(telling)
    with open_session(box) as session:
        _execute(session, f'CREATE TABLE "{table}" (word TEXT)')
        _insert(session, table, first)
        os.write(go, b".")
        with os.fdopen(reading, encoding="utf-8") as told:
            answer = json.loads(told.read() or "{}")
        here = _words(session, table)
    return {"here": here, **answer}


def _answer_in_the_other_process(
    box: Any, table: str, word: str, ends: tuple[int, int]
) -> None:
    wait, telling = ends
    try:
        os.read(wait, 1)
        with open_session(box) as session:
            answer = {"there": _words(session, table)}
            session.commit()
            _insert(session, table, word)
    except BaseException as error:  # noqa: BLE001 - whatever it is, it is the answer
        answer = {"error": [f"{type(error).__name__}: {error}"[:500]]}
    os.write(telling, json.dumps(answer).encode())
    os._exit(0)


def insert_orphans(box: Any, parent: str, child: str) -> dict[str, Any]:
    """Insert a right child, then an orphan over each of several connections."""
    with open_session(box) as session:
        _execute(session, f'CREATE TABLE "{parent}" (id INTEGER PRIMARY KEY)')
        references = f'parent INTEGER REFERENCES "{parent}" (id)'
        _execute(session, f'CREATE TABLE "{child}" ({references})')
        _execute(session, f'INSERT INTO "{parent}" VALUES (1)')  # noqa: S608 - our name
        _execute(session, f'INSERT INTO "{child}" VALUES (1)')  # noqa: S608 - our name
        session.commit()
    errors = []
    with contextlib.ExitStack() as opened:
        sessions = [opened.enter_context(open_session(box)) for _ in range(3)]
        for session in sessions:
            session.connection()
        for number, session in enumerate(sessions, 2):
            try:
                _execute(session, f'INSERT INTO "{child}" VALUES ({number})')  # noqa: S608 - our name
                session.commit()
                errors.append("")
            except Exception as error:  # noqa: BLE001 - the refusal is the answer
                errors.append(type(error).__name__)
                session.rollback()
    return {"errors": errors}


def open_two_at_once(box: Any) -> bool:
    """Say whether two calls give two sessions."""
    with open_session(box) as first, open_session(box) as second:
        return first is not second


def end_sessions(box: Any, *, failing: bool) -> dict[str, int]:
    """Use a few sessions and end them; count connections taken and given back."""
    from sqlalchemy import event
    from sqlalchemy.pool import Pool

    counts = {"checkout": 0, "checkin": 0}

    def counter(kind: str) -> Any:
        def count(*_: object) -> None:
            counts[kind] += 1

        return count

    for kind in counts:
        event.listen(Pool, kind, counter(kind))
    held = []  # else the garbage collector gives back what the submission kept
    for _ in range(4):
        with contextlib.suppress(InterruptionError), open_session(box) as session:
            held.append(session)
            _execute(session, "SELECT 1").scalar()
            if failing:
                raise InterruptionError
    return dict(counts)


def _execute(session: Any, statement: str, *parameters: object) -> Any:
    return session.connection().exec_driver_sql(statement, parameters)


def _insert(session: Any, table: str, word: str) -> None:
    _execute(session, f'INSERT INTO "{table}" VALUES (?)', word)  # noqa: S608 - our name
    session.commit()


def _words(session: Any, table: str) -> list[Any]:
    rows = _execute(session, f'SELECT word FROM "{table}" ORDER BY rowid')  # noqa: S608 - our name
    return [word for (word,) in rows]
