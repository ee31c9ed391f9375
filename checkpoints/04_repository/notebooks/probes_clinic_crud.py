"""What the kernel of the CRUD clinic is asked to call."""

from contextlib import ExitStack, suppress
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, create_engine, select

Names = dict[str, Any]
Rows = list[list[Any]]


def create(names: Names, path: str, movies: Rows) -> Any:
    """Store movies, each in a session of its own; return what is left in hand."""
    engine = names["tables"](create_engine(f"sqlite:///{path}"))
    found = []
    for title, year in movies:
        with Session(engine) as session:
            movie = names["create"](session, title, year)
        found.append([movie.id, movie.title, movie.year])
    return found


def create_once(names: Names, titles: list[str]) -> Any:
    """Store titles in one session; return the answers and what was stored."""
    movie = names["Movie"]
    with Session(_database(names)) as session:
        answers = [names["create_once"](session, title, 2000) for title in titles]
        stored = session.exec(select(movie).order_by(movie.id)).all()
        return {"answers": answers, "stored": [[row.id, row.title] for row in stored]}


def list_titles(names: Names, titles: list[str], pages: list[list[int]]) -> Any:
    """List pages of titles."""
    with Session(_database(names)) as session:
        session.add_all([names["Movie"](title=title, year=2000) for title in titles])
        session.commit()
        return [names["list_titles"](session, *page) for page in pages]


def delete(names: Names, path: str, titles: list[str], ids: list[int]) -> Any:
    """Delete movies, each in a session of its own; return the answers."""
    engine = names["tables"](create_engine(f"sqlite:///{path}"))
    with Session(engine) as session:
        for title in titles:
            ratings = [names["Rating"](score=score) for score in (1, 5)]
            session.add(names["Movie"](title=title, year=2000, ratings=ratings))
        session.commit()
    answers = []
    for number in ids:
        with Session(engine) as session:
            answers.append(names["delete"](session, number))
    return answers


def rate_on_connections(
    names: Names, path: str, title: str, movie_ids: list[int]
) -> None:
    """Rate each movie on a connection of its own, all of them open at once."""
    engine = names["tables"](names["connect"](f"sqlite:///{path}"))
    with Session(engine) as session:
        session.add(names["Movie"](title=title, year=2000))
        session.commit()
    with ExitStack() as opened:
        connections = [opened.enter_context(engine.connect()) for _ in movie_ids]
        for number, connection in zip(movie_ids, connections, strict=True):
            with Session(connection) as session, suppress(IntegrityError):
                session.add(names["Rating"](movie_id=number, score=3))
                session.commit()


def _database(names: Names) -> Any:
    return names["tables"](create_engine("sqlite://"))
