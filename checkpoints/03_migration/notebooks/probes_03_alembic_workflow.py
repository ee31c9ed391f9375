"""What the kernel of the Alembic notebook is asked to call."""

from typing import Any

import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations

Names = dict[str, Any]
Rows = list[list[Any]]

MOVIE = (
    "CREATE TABLE movie (id INTEGER NOT NULL PRIMARY KEY, title VARCHAR NOT NULL, "
    "year INTEGER NOT NULL, genre VARCHAR)"
)


def are_behind(names: Names, tables: list[str]) -> Any:
    """Ask about a database without a table, with it, and with one column less."""
    answers = []
    for table in tables:
        wanted, less = (_metadata(table, columns) for columns in (("a", "b"), ("a",)))
        for there in (sa.MetaData(), wanted, less):
            engine = sa.create_engine("sqlite://", poolclass=sa.StaticPool)
            there.create_all(engine)
            answers.append(names["is_behind"](engine, wanted))
    return answers


def _metadata(table: str, columns: Any) -> Any:
    found = sa.MetaData()
    more = [sa.Column(name, sa.Integer) for name in columns]
    sa.Table(table, found, sa.Column("id", sa.Integer, primary_key=True), *more)
    return found


def migrate(names: Names, path: str, movies: Rows, changes: list[str]) -> None:
    """Lay a database with these movies, and run functions of the notebook on it."""
    engine = sa.create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        connection.exec_driver_sql(MOVIE)
        for movie in movies:
            connection.exec_driver_sql(
                "INSERT INTO movie VALUES (?, ?, ?, ?)", tuple(movie)
            )
    for change in changes:
        with engine.connect() as connection:
            context = MigrationContext.configure(connection)
            with context.begin_transaction():
                names[change](Operations(context))
            connection.commit()
    engine.dispose()


def try_years(names: Names, path: str, years: list[int]) -> Any:
    """Insert movies of these years; say which were let in."""
    engine = sa.create_engine(f"sqlite:///{path}")
    let_in = []
    for year in years:
        try:
            with engine.begin() as connection:
                statement = "INSERT INTO movie (title, year) VALUES ('tried', ?)"
                connection.exec_driver_sql(statement, (year,))
        except sa.exc.IntegrityError:
            continue
        let_in.append(year)
    return let_in
