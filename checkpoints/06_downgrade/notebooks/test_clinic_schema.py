"""The stops of the clinic on schema."""

from typing import Any

from grader.checks import Database, Draw, Json, Symptom, check, expect
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


Rows = list[list[Json]]


def drawn(draw: Draw) -> tuple[Rows, Rows]:
    """Draw the movies and ratings that a database holds before it is migrated."""
    movies: Rows = [
        [number, title, draw.number(1900, 2100)]
        for number, title in enumerate(draw.distinct(3), 1)
    ]
    ratings: Rows = [[n, draw.number(1, 3), draw.number(1, 5)] for n in range(1, 6)]
    return movies, ratings


def rows(database: Database | None, table: str) -> list[dict[str, Any]]:
    """Read a table; empty where there is no database."""
    return [] if database is None else database.rows(table)


def plain(found: list[dict[str, Any]]) -> Rows:
    """Give rows as lists."""
    return [list(row.values()) for row in found]


@check(points=3, after=test_handed_in)
def test_models(notebook: Notebook, draw: Draw) -> None:
    """The models fit together, and the title is required and unique."""
    expect_answer(notebook, "models")
    title, scores = draw.words(), [draw.number(1, 5) for _ in range(3)]
    seen = expect_asked(
        notebook,
        "relate",
        "Storing a movie with ratings",
        symptoms=(
            Symptom("wrong-foreign-key", "NoReferencedTableError"),
            Symptom("wrong-foreign-key", "NoReferencedColumnError"),
            Symptom("one-way-relationship", "InvalidRequestError", "has no property"),
        ),
        path="models.db",
        title=title,
        scores=scores,
    )
    wanted = [[[title, score] for score in scores], len(scores)]
    expect(same(seen, wanted), "Movie and ratings do not find each other.")
    database = notebook.database("project/models.db")
    keys = [] if database is None else database.foreign_keys("rating")
    expect(
        [(key.column, key.table, key.target) for key in keys]
        == [("movie_id", "movie", "id")],
        "The table rating has no foreign key from movie_id to movie.id.",
        pitfall="wrong-foreign-key",
    )
    unique = set() if database is None else database.unique_sets("movie")
    expect(
        frozenset({"title"}) in unique,
        "Two movies may have the same title.",
        pitfall="title-not-unique",
    )
    column = None if database is None else database.columns("movie").get("title")
    expect(column is not None and column.required, "A movie may have no title at all.")


@check(points=2, after=test_handed_in)
def test_add_genre(notebook: Notebook, draw: Draw) -> None:
    """A required column comes, and every row stays."""
    expect_answer(notebook, "add-genre")
    movies, ratings = drawn(draw)
    expect_asked(
        notebook,
        "migrate",
        "Adding the column",
        symptoms=(Symptom("not-null-without-default", "OperationalError", "NOT NULL"),),
        path="genre.db",
        movies=movies,
        ratings=ratings,
        changes=["add_genre"],
    )
    database = notebook.database("project/genre.db")
    wanted = [[*movie, "Unknown"] for movie in movies]
    expect(
        same(plain(rows(database, "movie")), wanted)
        and same(plain(rows(database, "rating")), ratings),
        "The movies and ratings are not what they were, with their genre.",
        pitfall="drop-and-recreate",
    )
    column = None if database is None else database.columns("movie").get("genre")
    expect(column is not None and column.required, "The genre may be left out.")


@check(points=2, after=test_handed_in)
def test_score_range(notebook: Notebook, draw: Draw) -> None:
    """The constraint comes and goes, and every row stays."""
    expect_answer(notebook, "score-range")
    movies, ratings = drawn(draw)
    tried = [draw.number(6, 99), draw.number(1, 5), draw.number(-9, 0)]
    kept = [score for _, _, score in ratings]
    for path, changes, added in (
        ("up.db", ["upgrade"], [tried[1]]),
        ("down.db", ["upgrade", "downgrade"], tried),
        ("again.db", ["upgrade", "downgrade", "upgrade"], [tried[1]]),
    ):
        expect_asked(
            notebook,
            "migrate",
            f"Running {' and '.join(changes)}",
            symptoms=(Symptom("no-batch-mode", "NotImplementedError"),),
            path=path,
            movies=movies,
            ratings=ratings,
            changes=changes,
        )
        expect_asked(notebook, "try_scores", "Rating", path=path, scores=tried)
        found = rows(notebook.database(f"project/{path}"), "rating")
        expect(
            same([row["score"] for row in found], kept + added),
            f"After {' and '.join(changes)} the wrong scores were let in.",
            pitfall="downgrade-does-nothing" if changes[-1] == "downgrade" else None,
        )


@check(points=1, after=test_handed_in)
def test_drop_all(notebook: Notebook, draw: Draw) -> None:
    """Both tables go while foreign keys are enforced."""
    expect_answer(notebook, "drop-all")
    movies, ratings = drawn(draw)
    expect_asked(
        notebook,
        "migrate",
        "Dropping the tables",
        symptoms=(
            Symptom("drops-in-the-wrong-order", "IntegrityError", "FOREIGN KEY"),
        ),
        path="dropped.db",
        movies=movies,
        ratings=ratings,
        changes=["drop_all"],
        enforced=True,
    )
    database = notebook.database("project/dropped.db")
    expect(database is not None and database.tables() == [], "A table is still there.")
