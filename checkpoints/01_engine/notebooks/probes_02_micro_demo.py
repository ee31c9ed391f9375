"""What the kernel of the micro demo is asked to call."""

from typing import Any

from sqlmodel import Session, create_engine

Names = dict[str, Any]


def remember(names: Names, path: str, movies: list[dict[str, Any]]) -> Any:
    """Store movies in a database of their own; return their ids."""
    engine = create_engine(f"sqlite:///{path}")
    names["Movie"].metadata.create_all(engine)
    return [
        names["remember"](engine, movie["title"], movie["year"]) for movie in movies
    ]


def titles_since(names: Names, movies: list[dict[str, Any]], year: int) -> Any:
    """List titles from a database in memory."""
    movie = names["Movie"]
    engine = create_engine("sqlite://")
    movie.metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all([movie(**values) for values in movies])
        session.commit()
    return names["titles_since"](engine, year)
