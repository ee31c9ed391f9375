"""What the kernel of the primer is asked to call."""

from typing import Any

from pydantic import ValidationError
from sqlalchemy import event
from sqlmodel import Session, create_engine, select

Names = dict[str, Any]
Rows = list[list[Any]]


def build_payloads(names: Names, payloads: list[dict[str, Any]]) -> Any:
    """Build the payload model; say for each what it holds, or that it was refused."""
    built = []
    for values in payloads:
        try:
            built.append(names["MovieCreate"](**values).model_dump())
        except ValidationError:
            built.append("refused")
    return built


def add_movies(names: Names, titles: list[str]) -> Any:
    """Add movies in one session; return the answers and the titles then stored."""
    with Session(_database(names)) as session:
        answers = [names["add_movie"](session, title, 2000) for title in titles]
        stored = session.exec(select(names["Movie"].title)).all()
    return {"answers": answers, "stored": sorted(stored)}


def award(names: Names, path: str, title: str, name: str) -> Any:
    """Give a movie an award in a database of its own; find the movie by the award."""
    engine = _database(names, f"/{path}")
    award = names["Award"]
    with Session(engine) as session:
        session.add(names["Movie"](title="Another", year=2000))
        session.commit()
        movie = names["Movie"](title=title, year=2000)
        session.add(award(name=name, movie=movie))
        session.commit()
    with Session(engine) as session:
        return session.exec(select(award)).one().movie.title


def newest_first(names: Names, movies: Rows) -> Any:
    """List titles."""
    with Session(_full(names, movies)) as session:
        return names["newest_first"](session)


def with_ratings(names: Names, movies: Rows) -> Any:
    """List movies; read their ratings once the session is closed."""
    engine = _full(names, movies)
    statements = []

    def note(*facts: Any) -> None:
        statements.append(facts[2])

    event.listen(engine, "before_cursor_execute", note)
    with Session(engine) as session:
        found = list(names["movies_with_ratings"](session))
    seen = [[m.title, sorted(rating.score for rating in m.ratings)] for m in found]
    return {"movies": seen, "statements": len(statements)}


def _database(names: Names, place: str = "") -> Any:
    engine = create_engine(f"sqlite://{place}")
    names["SQLModel"].metadata.create_all(engine)
    return engine


def _full(names: Names, movies: Rows) -> Any:
    engine = _database(names)
    with Session(engine) as session:
        for title, year, scores in movies:
            ratings = [names["Rating"](score=score) for score in scores]
            session.add(names["Movie"](title=title, year=year, ratings=ratings))
        session.commit()
    return engine
