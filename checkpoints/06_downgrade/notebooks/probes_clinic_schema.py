"""What the kernel of the schema clinic is asked to call."""

from typing import Any

import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlmodel import Session, create_engine, select

Names = dict[str, Any]
Rows = list[list[Any]]

SCHEMA = (
    "CREATE TABLE movie (id INTEGER NOT NULL PRIMARY KEY, title VARCHAR NOT NULL, "
    "year INTEGER NOT NULL)",
    "CREATE TABLE rating (id INTEGER NOT NULL PRIMARY KEY, "
    "movie_id INTEGER NOT NULL REFERENCES movie (id), score INTEGER NOT NULL)",
)


def relate(names: Names, path: str, title: str, scores: list[int]) -> Any:
    """Store a movie with ratings; find it from its ratings, and them from it."""
    movie, rating = names["Movie"], names["Rating"]
    engine = create_engine(f"sqlite:///{path}")
    names["Base"].metadata.create_all(engine)
    with Session(engine) as session:
        ratings = [rating(score=score) for score in scores]
        session.add(movie(title=title, year=2000, ratings=ratings))
        session.commit()
        found = session.exec(select(rating).order_by(rating.id)).all()
        back = [[row.movie.title, row.score] for row in found]
        return [back, len(session.exec(select(movie)).one().ratings)]


def migrate(
    names: Names,
    path: str,
    movies: Rows,
    ratings: Rows,
    changes: list[str],
    *,
    enforced: bool = False,
) -> None:
    """Lay a database with these rows, and run functions of the notebook on it."""
    engine = create_engine(f"sqlite:///{path}", poolclass=sa.StaticPool)
    with engine.begin() as connection:
        for statement in SCHEMA:
            connection.exec_driver_sql(statement)
        for table, rows in (("movie", movies), ("rating", ratings)):
            for row in rows:
                insert = f"INSERT INTO {table} VALUES (?, ?, ?)"
                connection.exec_driver_sql(insert, tuple(row))
    with engine.connect() as connection:
        connection.exec_driver_sql(f"PRAGMA foreign_keys={int(enforced)}")
    for change in changes:
        with engine.connect() as connection:
            context = MigrationContext.configure(connection)
            with context.begin_transaction():
                names[change](Operations(context))
            connection.commit()
    engine.dispose()


def try_scores(names: Names, path: str, scores: list[int]) -> None:
    """Insert ratings; say nothing of those that were refused."""
    engine = create_engine(f"sqlite:///{path}")
    for score in scores:
        try:
            with engine.begin() as connection:
                insert = "INSERT INTO rating (movie_id, score) VALUES (1, ?)"
                connection.exec_driver_sql(insert, (score,))
        except sa.exc.IntegrityError:
            continue
