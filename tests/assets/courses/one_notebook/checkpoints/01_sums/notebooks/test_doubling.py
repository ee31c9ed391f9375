"""The cells of the smallest graded notebook."""

from grader.checks import Draw, check, expect
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


@check(points=2, after=test_handed_in)
def test_doubles(notebook: Notebook, draw: Draw) -> None:
    """Numbers are doubled."""
    expect_answer(notebook, "double")
    numbers = [draw.number(100, 999) for _ in range(3)]
    seen = expect_asked(notebook, "double_all", "Doubling", numbers=numbers)
    expect(same(seen, [2 * number for number in numbers]), "Some were not doubled.")


@check(points=2, after=test_handed_in)
def test_stores(notebook: Notebook, draw: Draw) -> None:
    """Words are stored in a database."""
    expect_answer(notebook, "store")
    words = sorted(draw.distinct(2))
    expect_asked(notebook, "store", "Storing", path="some.db", words=words)
    database = notebook.database("project/some.db")
    expect(database is not None, "There is no database.")
    expect(
        database is not None and database.rows("word") == [{"text": w} for w in words],
        "The words are not in it.",
    )
