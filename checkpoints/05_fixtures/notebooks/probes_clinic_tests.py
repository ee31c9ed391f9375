"""What the kernel of the clinic on tests is asked to call."""

from typing import Any

from fastapi import FastAPI, HTTPException
from fastapi.testclient import TestClient
from sqlalchemy import StaticPool
from sqlmodel import Session, create_engine, select

Names = dict[str, Any]


def use_fresh_engines(names: Names, tests: list[list[str]]) -> Any:
    """Use the fixture for each test: add its titles in a thread; list what is there."""
    found = []
    for titles in tests:
        with names["fresh_engine"]() as engine:
            for title in titles:
                _in_thread(_add, names["Movie"], engine, title)
            with Session(engine) as session:
                found.append(list(session.exec(select(names["Movie"].title)).all()))
    return found


def _add(movie: Any, engine: Any, title: str) -> None:
    with Session(engine) as session:
        session.add(movie(title=title))
        session.commit()


def _in_thread(function: Any, *arguments: Any) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(1) as pool:
        pool.submit(function, *arguments).result()


def use_clients(names: Names, titles: list[str]) -> Any:
    """Post each title on an engine of its own; list what is where."""
    real = names["REAL"]
    metadata = names["SQLModel"].metadata
    metadata.drop_all(real)
    metadata.create_all(real)
    names["app"].dependency_overrides.clear()
    seen = []
    for title in titles:
        engine = create_engine(
            "sqlite://",
            poolclass=StaticPool,
            connect_args={"check_same_thread": False},
        )
        metadata.create_all(engine)
        try:
            with names["client_on"](engine) as client:
                client.post("/movies", json={"title": title})
                raise KeyError(title)  # noqa: TRY301 - as a test that fails
        except KeyError:
            seen.append(
                [_titles(names, engine), len(names["app"].dependency_overrides)]
            )
    return {"tests": seen, "real": _titles(names, real)}


def _titles(names: Names, engine: Any) -> Any:
    with Session(engine) as session:
        return list(session.exec(select(names["Movie"].title)).all())


def meet(names: Names, services: list[dict[str, Any]], title: str) -> Any:
    """Run the test on services that answer as they are told to; say which it failed."""
    noticed = []
    for service in services:
        try:
            names["check_duplicates"](_client(**service), title)
        except AssertionError:
            noticed.append(True)
        else:
            noticed.append(False)
    return noticed


def _client(first: int, second: int, kept: int, answers: list[str]) -> Any:
    service, seen = FastAPI(), []

    @service.post("/movies")
    def add(movie: dict[str, Any]) -> None:
        seen.append(movie["title"])
        raise HTTPException(first if len(seen) == 1 else second)

    @service.get("/movies")
    def show() -> list[str]:
        return [*answers, *seen[:1] * kept]

    return TestClient(service)
