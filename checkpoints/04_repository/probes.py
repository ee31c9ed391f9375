"""Questions about the service, its repository and its routes."""

import asyncio
import contextlib
import inspect
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from checkpoints.probes import insert_row, open_session

WATCHED = ("IntegrityError", "PendingRollbackError")


def given_to_routes(box: Any) -> list[str]:
    """Name the types that the routes' dependencies give."""
    found = []
    for dependant in _dependants(_application(box).routes):
        call = getattr(dependant, "call", None)
        if call is not None and not inspect.signature(call).parameters:
            found.append(type(call()).__name__)
    return found


def _dependants(routes: Any) -> Iterator[Any]:
    for route in routes:
        nested = getattr(route, "routes", None) or _included(route)
        if nested:
            yield from _dependants(nested)
        waiting = list(getattr(getattr(route, "dependant", None), "dependencies", ()))
        while waiting:
            dependant = waiting.pop()
            yield dependant
            waiting.extend(dependant.dependencies)


def _included(route: Any) -> Any:
    router = getattr(route, "original_router", None)
    return getattr(router, "routes", ())


def left_in_session(box: Any) -> int:
    """Count what waits in the session after the repository has made a movie."""
    with open_session(box) as session:
        with contextlib.suppress(Exception):
            _settle(
                _repository(box)(session).create(title="Left", year=2000, genre="Here")
            )
        return len(session.new)


def raised_by_duplicate(box: Any, movie: dict[str, Any]) -> list[str]:
    """Post a movie twice; name the database errors that it led to."""
    import sqlalchemy.exc

    seen: list[str] = []
    for name in WATCHED:
        _note_making(getattr(sqlalchemy.exc, name), seen)
    with _client(box) as client:
        for _ in range(2):
            client.post("/movies", json=movie)
    return seen


def _note_making(kind: Any, seen: list[str]) -> None:
    original = kind.__init__

    def noted(error: Any, *positional: Any, **named: Any) -> None:
        seen.append(kind.__name__)
        original(error, *positional, **named)

    kind.__init__ = noted


def post_overtaken(box: Any, movie: dict[str, Any]) -> dict[str, Any]:
    """Post a movie whose title someone else stores just before the insert."""
    from sqlalchemy import event
    from sqlalchemy.engine import Engine

    overtaken: list[bool] = []

    def overtake(*facts: Any) -> None:
        words = str(facts[2]).replace('"', "").replace("(", " ").lower().split()
        if overtaken or words[:3] != ["insert", "into", "movie"]:
            return
        overtaken.append(True)
        # Whoever locks the database beforehand cannot be overtaken, and need not be.
        with contextlib.suppress(sqlite3.OperationalError):
            fill(box, [[movie["title"], movie["year"], movie["genre"], []]])

    event.listen(Engine, "before_cursor_execute", overtake)
    with _client(box) as client:
        answer = client.post("/movies", json=movie)
    return {"status": answer.status_code, "overtaken": bool(overtaken)}


def fill(box: Any, movies: list[Any]) -> int:
    """Insert movies with their scores straight into the file."""
    with contextlib.closing(sqlite3.connect(_file(box), timeout=0.3)) as connection:
        for title, year, genre, scores in movies:
            movie = {"title": title, "year": year, "genre": genre}
            made = insert_row(connection.execute, "movie", movie)
            for score in scores:
                rating = {"movie_id": made, "score": score}
                insert_row(connection.execute, "rating", rating)
        connection.commit()
    return len(movies)


def use_repository(
    box: Any, other: str, movie: dict[str, Any], score: int
) -> dict[str, Any]:
    """Use every method through a session on a copy of the database."""
    from sqlmodel import Session, create_engine

    copy = Path(box.world["root"], other)
    with (
        contextlib.closing(sqlite3.connect(_file(box))) as source,
        contextlib.closing(sqlite3.connect(copy)) as target,
    ):
        source.backup(target)  # with what is still in a write-ahead log
    with Session(create_engine(f"sqlite:///{copy}")) as session:
        repository = _repository(box)(session)
        made = _settle(repository.create(**movie))
        session.commit()
        found = _id_of(copy, movie["title"]) or _field(made, "id")
        got = _field(_settle(repository.get(found)), "title")
        _settle(repository.add_rating(found, score))
        session.commit()
        listed = [_field(one, "title") for one in _settle(repository.list())]
    return {"got": got, "listed": listed}


def _file(box: Any) -> str:
    """Return the database file that the submission's own session works on."""
    with open_session(box) as session:
        return str(session.get_bind().url.database)


def _id_of(file: Path, title: str) -> Any:
    with contextlib.closing(sqlite3.connect(file)) as connection:
        row = connection.execute("SELECT id FROM movie WHERE title = ?", (title,))
        return (row.fetchone() or [None])[0]


def _field(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, dict) else getattr(value, name, None)


def _settle(value: Any) -> Any:
    if not inspect.isawaitable(value):
        return value

    async def wait() -> Any:
        return await value

    return asyncio.run(wait())


def _repository(box: Any) -> Any:
    module = box.module("repository")
    named = getattr(module, "MovieRepository", None)
    others = [value for value in vars(module).values() if inspect.isclass(value)]
    for kind in (named, *others):
        if callable(getattr(kind, "create", None)):
            return kind
    raise LookupError("there is no MovieRepository")


def _application(box: Any) -> Any:
    module = box.module("app")
    for value in (getattr(module, "app", None), *vars(module).values()):
        if hasattr(value, "openapi") and hasattr(value, "router"):
            return value
    return module.create_app()


def _client(box: Any) -> Any:
    from fastapi.testclient import TestClient

    return TestClient(_application(box), raise_server_exceptions=False)
