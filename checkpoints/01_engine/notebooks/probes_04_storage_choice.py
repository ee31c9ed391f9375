"""What the kernel of the storage notebook is asked to call."""

import sqlite3
from typing import Any

Names = dict[str, Any]
Rows = list[list[Any]]


def averages(names: Names, movies: Rows, ratings: Rows) -> Any:
    """Run the statement on a database in memory."""
    database = sqlite3.connect(":memory:")
    database.execute(
        "CREATE TABLE movie (id INTEGER, title TEXT, year INTEGER, genre TEXT)"
    )
    database.execute(
        "CREATE TABLE rating (id INTEGER, movie_id INTEGER, score INTEGER)"
    )
    database.executemany("INSERT INTO movie VALUES (?, ?, ?, ?)", movies)
    database.executemany("INSERT INTO rating VALUES (?, ?, ?)", ratings)
    return [list(row) for row in database.execute(names["AVERAGES"])]


def choose(names: Names, situations: list[dict[str, Any]]) -> Any:
    """Choose a store for each situation."""
    return [names["choose"](**situation) for situation in situations]


def route(names: Names, requests: Rows) -> Any:
    """Route each statement."""
    return [names["route"](*request) for request in requests]
