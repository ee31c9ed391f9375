"""The cells of the Alembic notebook."""

from typing import Any

from grader.checks import Draw, Json, Symptom, check, expect
from grader.notebook_checks import (
    Notebook,
    expect_answer,
    expect_asked,
    expect_handed_in,
    same,
)


@check(points=0)
def test_handed_in(notebook: Notebook) -> None:
    """The notebook is there and has an answer."""
    expect_handed_in(notebook)


Movies = list[list[Json]]


def drawn(draw: Draw) -> Movies:
    """Draw the movies that a database holds before it is migrated."""
    return [
        [number, title, draw.number(1900, 2100), draw.word()]
        for number, title in enumerate(draw.distinct(4), 1)
    ]


def rows(notebook: Notebook, path: str) -> list[dict[str, Any]]:
    """Read the movies from a database file that the kernel has written."""
    database = notebook.database(f"project/{path}")
    return [] if database is None else database.rows("movie")


def plain(movies: Movies, genre: str = "genre") -> list[dict[str, Any]]:
    """Give the movies as the rows that they were."""
    names = ("id", "title", "year", genre)
    return [dict(zip(names, movie, strict=True)) for movie in movies]


@check(points=1, after=test_handed_in)
def test_is_behind(notebook: Notebook, draw: Draw) -> None:
    """A database that lacks what the models have is told."""
    expect_answer(notebook, "is-behind")
    tables = [word.lower() for word in draw.distinct(3)]
    seen = expect_asked(notebook, "are_behind", "Comparing", tables=tables)
    expect(
        same(seen, [True, False, True] * 3),
        "A missing table or column was not noticed, or one that is there was missed.",
    )


@check(points=3, after=test_handed_in)
def test_add_director(notebook: Notebook, draw: Draw) -> None:
    """A required column comes and goes, and every row stays."""
    expect_answer(notebook, "add-director")
    movies = drawn(draw)
    full = Symptom("not-null-without-default", "OperationalError", "NOT NULL")
    expect_asked(
        notebook,
        "migrate",
        "Adding the column",
        symptoms=(full,),
        path="forward.db",
        movies=movies,
        changes=["add_director"],
    )
    wanted = [{**movie, "director": "Unknown"} for movie in plain(movies)]
    expect(
        rows(notebook, "forward.db") == wanted,
        "After add_director the movies are not what they were, with their director.",
        pitfall="drop-and-recreate",
    )
    database = notebook.database("project/forward.db")
    column = None if database is None else database.columns("movie").get("director")
    expect(column is not None and column.required, "The director may be left out.")
    expect_asked(
        notebook,
        "migrate",
        "Going back",
        path="back.db",
        movies=movies,
        changes=["add_director", "remove_director"],
    )
    expect(
        rows(notebook, "back.db") == plain(movies),
        "After remove_director the table is not what it was before.",
        pitfall="downgrade-does-nothing",
    )


@check(points=2, after=test_handed_in)
def test_guard_years(notebook: Notebook, draw: Draw) -> None:
    """The database refuses impossible years, and keeps its rows."""
    expect_answer(notebook, "guard-years")
    movies = drawn(draw)
    batch = Symptom("no-batch-mode", "NotImplementedError")
    expect_asked(
        notebook,
        "migrate",
        "Adding the constraint",
        symptoms=(batch,),
        path="guarded.db",
        movies=movies,
        changes=["guard_years"],
    )
    expect(rows(notebook, "guarded.db") == plain(movies), "The movies have changed.")
    right = [1900, draw.number(1901, 2099), 2100]
    wrong = [1899, 2101, draw.number(-99, 99)]
    expect_asked(
        notebook, "try_years", "Adding movies", path="guarded.db", years=right + wrong
    )
    added = [row["year"] for row in rows(notebook, "guarded.db")[len(movies) :]]
    expect(added == right, "Not just the years from 1900 to 2100 were let in.")


@check(points=2, after=test_handed_in)
def test_rename_genre(notebook: Notebook, draw: Draw) -> None:
    """A column is renamed, and what was in it stays."""
    expect_answer(notebook, "rename-genre")
    movies = drawn(draw)
    expect_asked(
        notebook,
        "migrate",
        "Renaming the column",
        path="renamed.db",
        movies=movies,
        changes=["rename_genre"],
    )
    found = rows(notebook, "renamed.db")
    named = bool(found) and "category" in found[0] and "genre" not in found[0]
    expect(named, "There is no column category, or still one called genre.")
    expect(
        found == plain(movies, "category"),
        "The column has its new name, and what was in it is lost.",
        pitfall="drop-and-recreate",
    )
