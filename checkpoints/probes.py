"""Find a submission's session, engine and tables by what they are.

Every suite's own probes come after this text, in the sandbox, and may use all of it.
"""

import asyncio
import contextlib
import importlib
import inspect
import pkgutil
import sys
import typing
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ENGINE_FACTORIES = ("get_engine", "make_engine", "build_engine", "create_db_engine")
SESSION_PROVIDERS = ("get_session", "get_db", "get_db_session", "session_scope")
NOT_PROVIDING = ("close", "end", "drop", "remove", "reset", "set", "use", "override")
TABLES = frozenset({"movie", "rating"})


class NothingFoundError(LookupError):
    """The submission has no part of the kind that was looked for."""


@contextlib.contextmanager
def open_session(box: Any) -> Iterator[Any]:
    """Open a session as the submission's own routes would, and end it likewise."""
    with contextlib.ExitStack() as opened:
        provider = find_session_provider(box)
        if provider is not None:
            yield provide(provider, opened)
            return
        from sqlalchemy.orm import Session

        yield opened.enter_context(Session(find_engine(box)))


def find_session_provider(box: Any) -> Callable[..., Any] | None:
    """Return what gives a session: a function by its name, or a sessionmaker."""
    from sqlalchemy.orm import scoped_session, sessionmaker

    names = _names(box)
    functions = {
        name: value
        for name, value in names.items()
        if (inspect.isfunction(value) or inspect.ismethod(value))
        and _can_be_called(value)
    }
    for name in SESSION_PROVIDERS:
        if name in functions:
            return functions[name]
    for name, function in functions.items():
        if "session" in name.lower() and not name.lower().startswith(NOT_PROVIDING):
            return function
    for value in names.values():
        if isinstance(value, sessionmaker | scoped_session):
            return value
    return None


def find_engine(box: Any) -> Any:
    """Return the submission's engine.

    Raises:
        NothingFoundError: if its database module has none.
    """
    from sqlalchemy import Engine
    from sqlalchemy.orm import sessionmaker

    names = _names(box)
    for value in names.values():
        if isinstance(value, Engine):
            return value
    for name in ENGINE_FACTORIES:
        if callable(names.get(name)):
            return names[name]()
    for value in names.values():
        if isinstance(value, sessionmaker) and value.kw.get("bind") is not None:
            return value.kw["bind"]
    raise NothingFoundError("the database module has no engine and gives no session")


def _names(box: Any) -> dict[str, Any]:
    """Give the database module's names, and those of the objects that it makes."""
    module = box.module("db")
    found = {}
    for value in vars(module).values():
        if type(value).__module__ == module.__name__:
            for name in dir(value):
                if not name.startswith("_"):
                    found[name] = getattr(value, name, None)
    return {**found, **vars(module)}


def provide(function: Callable[..., Any], opened: contextlib.ExitStack) -> Any:
    """Call a dependency as FastAPI would, and end it when ``opened`` ends."""
    arguments = {
        name: provide(source, opened)
        for name, source in _dependencies(function).items()
    }
    value = function(**arguments)
    if inspect.iscoroutine(value):
        value = asyncio.run(value)
    if inspect.isgenerator(value):
        generator = value
        value = opened.enter_context(contextlib.contextmanager(lambda: generator)())
    elif inspect.isasyncgen(value):
        value = opened.enter_context(_driven(value))
    elif hasattr(value, "__enter__"):
        value = opened.enter_context(value)
    return value


@contextlib.contextmanager
def _driven(generator: Any) -> Iterator[Any]:
    with asyncio.Runner() as runner:

        async def advance(error: BaseException | None = None) -> Any:
            if error is not None:
                return await generator.athrow(error)
            return await anext(generator, None)

        try:
            yield runner.run(advance())
        except BaseException as error:
            runner.run(advance(error))
            raise
        runner.run(advance())


def _can_be_called(function: Callable[..., Any]) -> bool:
    known = _dependencies(function)
    return all(
        name in known
        or parameter.default is not parameter.empty
        or parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD)
        for name, parameter in inspect.signature(function).parameters.items()
    )


def _dependencies(function: Callable[..., Any]) -> dict[str, Callable[..., Any]]:
    """Map the parameters that FastAPI would fill to what it would call for them."""
    try:
        hints = typing.get_type_hints(function, include_extras=True)
        parameters = inspect.signature(function).parameters
    except (TypeError, NameError, ValueError):
        return {}
    found = {}
    for name, parameter in parameters.items():
        notes = getattr(hints.get(name), "__metadata__", ())
        for note in (parameter.default, *notes):
            source = getattr(note, "dependency", None)
            if callable(source):
                found[name] = source
    return found


def find_tables(box: Any) -> dict[str, Any]:
    """Map the names of the submission's tables to their mapped classes."""
    module = box.module("models")
    found = _mapped(module)
    if not found.keys() >= TABLES and module.__package__:
        package = sys.modules[module.__package__]
        for entry in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            with contextlib.suppress(Exception):
                found |= _mapped(importlib.import_module(entry.name))
    return found


def _mapped(module: Any) -> dict[str, Any]:
    found = {}
    for value in list(vars(module).values()):
        mapper = getattr(value, "__dict__", {}).get("__mapper__")
        if isinstance(value, type) and mapper is not None:
            for other in mapper.registry.mappers:
                found[str(other.local_table.name)] = other.class_
    return found


def create_tables(box: Any, url: str) -> Any:
    """Create the tables of the models with ``create_all``; return the engine used."""
    from sqlalchemy import create_engine

    engine = create_engine(url)
    for metadata in {table.metadata for table in _tables(box)}:
        metadata.create_all(engine)
    return engine


def _tables(box: Any) -> list[Any]:
    return [mapped.__table__ for mapped in find_tables(box).values()]


def url_in_world(box: Any, path: str) -> str:
    """Return the url of a SQLite file, by its path below the world's folder."""
    return f"sqlite:///{Path(box.world['root'], path)}"


def insert_row(execute: Callable[..., Any], table: str, values: dict[str, Any]) -> Any:
    """Insert a row, filling other columns that need a value; return its key.

    Args:
        execute: Runs a statement with a sequence of parameters.
        table: One of the submission's tables.
        values: The columns whose values matter.
    """
    filled = dict(values)
    for _, name, kind, required, default, key in execute(
        f'PRAGMA table_info("{table}")', ()
    ).fetchall():
        if required and default is None and not key and name not in filled:
            is_number = any(part in kind.upper() for part in ("INT", "NUM", "REAL"))
            filled[name] = 1 if is_number else "2000-01-01 00:00:00"
    names = ", ".join(f'"{name}"' for name in filled)
    marks = ", ".join("?" * len(filled))
    statement = f'INSERT INTO "{table}" ({names}) VALUES ({marks})'  # noqa: S608 - our names
    return execute(statement, tuple(filled.values())).lastrowid
