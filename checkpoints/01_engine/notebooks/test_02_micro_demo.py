"""The cells of the micro demo."""

from grader.checks import Draw, Symptom, check, expect
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
def test_remember(notebook: Notebook, draw: Draw) -> None:
    """A movie is stored, and its id returned."""
    expect_answer(notebook, "remember")
    movies = [{"title": t, "year": draw.number(1900, 2100)} for t in draw.distinct(3)]
    detached = Symptom("empty-answer-after-commit", "DetachedInstanceError")
    ids = expect_asked(
        notebook,
        "remember",
        "Storing a movie",
        symptoms=(detached,),
        path="stored.db",
        movies=movies,
    )
    database = notebook.database("project/stored.db")
    rows = database.rows("movie") if database is not None else []
    stored = [{"title": row["title"], "year": row["year"]} for row in rows]
    expect(
        stored == movies,
        "Movies were stored, and are not in the database file.",
        pitfall="commit-forgotten",
    )
    expect(
        same(ids, [row["id"] for row in rows]),
        "What was returned is not the id that the database gave the movie.",
    )


@check(points=2, after=test_handed_in)
def test_titles_since(notebook: Notebook, draw: Draw) -> None:
    """Titles from a year on are listed, in alphabetical order."""
    expect_answer(notebook, "titles-since")
    year = draw.number(1950, 2000)
    years = [year, year - 1, year + 7, year + 3, year - 20, year + 1]
    titles = sorted(draw.distinct(len(years)), reverse=True)
    pairs = list(zip(titles, years, strict=True))
    movies = [{"title": title, "year": since} for title, since in pairs]
    seen = expect_asked(
        notebook, "titles_since", "Listing titles", movies=movies, year=year
    )
    wanted = sorted(title for title, since in pairs if since >= year)
    ordered = sorted(seen) if isinstance(seen, list) else seen
    expect(same(ordered, wanted), "Those were not the movies from that year on.")
    expect(
        same(seen, wanted),
        "The right titles came, in another order.",
        pitfall="unsorted-list",
    )
