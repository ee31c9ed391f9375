"""The stops of the clinic on CRUD."""

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
def test_create(notebook: Notebook, draw: Draw) -> None:
    """What was created is there for the next session."""
    expect_answer(notebook, "create")
    movies = [[title, draw.number(1900, 2100)] for title in draw.distinct(3)]
    detached = Symptom("empty-answer-after-commit", "DetachedInstanceError")
    seen = expect_asked(
        notebook,
        "create",
        "Creating a movie",
        symptoms=(detached,),
        path="created.db",
        movies=movies,
    )
    database = notebook.database("project/created.db")
    rows = [] if database is None else database.rows("movie")
    expect(
        [[row["title"], row["year"]] for row in rows] == movies,
        "A movie was returned with an id, and the database does not have it.",
        pitfall="flush-is-commit",
    )
    stored = [[row["id"], row["title"], row["year"]] for row in rows]
    expect(same(seen, stored), "What was returned is not what was stored.")


@check(points=2, after=test_handed_in)
def test_create_once(notebook: Notebook, draw: Draw) -> None:
    """After a taken title the session works on."""
    expect_answer(notebook, "create-once")
    first, second, third = draw.distinct(3)
    seen = expect_asked(
        notebook,
        "create_once",
        "Creating movies",
        symptoms=(
            Symptom("no-rollback", "PendingRollbackError"),
            Symptom("duplicate-is-a-500", "IntegrityError"),
        ),
        titles=[first, first, second, first, third],
    )
    found = seen if isinstance(seen, dict) else {}
    stored = found.get("stored")
    pairs = stored if isinstance(stored, list) else []
    ids = [pair[0] for pair in pairs if isinstance(pair, list) and pair]
    titles = [pair[1:] for pair in pairs if isinstance(pair, list)]
    expect(same(titles, [[first], [second], [third]]), "Not each title is there once.")
    wanted = [ids[0], None, ids[1], None, ids[2]]
    expect(
        same(found.get("answers"), wanted), "An id was not the movie's, or not None."
    )


@check(points=2, after=test_handed_in)
def test_list_titles(notebook: Notebook, draw: Draw) -> None:
    """Pages are cut from the sorted titles."""
    expect_answer(notebook, "list-titles")
    titles = sorted(draw.distinct(9), reverse=True)
    titles = titles[4:] + titles[:4]
    pages = [[0, 3], [2, draw.number(3, 5)], [8, 4], [20, 5]]
    seen = expect_asked(
        notebook, "list_titles", "Listing titles", titles=titles, pages=pages
    )
    ordered = sorted(titles)
    wanted = [ordered[skip : skip + limit] for skip, limit in pages]
    expect(
        same(seen, wanted),
        "A page does not hold the titles that it should, in their order.",
        pitfall="unsorted-list",
    )


@check(points=2, after=test_handed_in)
def test_delete(notebook: Notebook, draw: Draw) -> None:
    """A movie goes for good, and an unknown one is answered."""
    expect_answer(notebook, "delete")
    titles = draw.distinct(5)
    gone = sorted({draw.number(1, 2), draw.number(3, 5)})
    unknown = draw.number(100, 900)
    seen = expect_asked(
        notebook,
        "delete",
        "Deleting a movie",
        symptoms=(Symptom("missing-404", "UnmappedInstanceError"),),
        path="deleted.db",
        titles=titles,
        ids=[*gone, unknown, gone[0]],
    )
    database = notebook.database("project/deleted.db")
    left = [n for n in range(1, len(titles) + 1) if n not in gone]
    rows = [] if database is None else database.rows("movie")
    expect(
        [row["id"] for row in rows] == left,
        "Movies were deleted, and the database still has them, or lost others.",
        pitfall="commit-forgotten",
    )
    ratings = [] if database is None else database.rows("rating")
    expect(
        {row["movie_id"] for row in ratings} == set(left),
        "The ratings of deleted movies are still there, or others are not.",
    )
    expect(
        same(seen, [*(True for _ in gone), False, False]),
        "Not each answer says whether there was such a movie.",
    )


@check(points=2, after=test_handed_in)
def test_connect(notebook: Notebook, draw: Draw) -> None:
    """Every connection refuses a rating of no movie."""
    expect_answer(notebook, "connect")
    asked = [1, draw.number(100, 900), 1, draw.number(100, 900)]
    expect_asked(
        notebook,
        "rate_on_connections",
        "Rating movies",
        path="rated.db",
        title=draw.words(),
        movie_ids=asked,
    )
    database = notebook.database("project/rated.db")
    rows = [] if database is None else database.rows("rating")
    stored = [row["movie_id"] for row in rows]
    expect(stored.count(1) == asked.count(1), "A rating of a real movie was refused.")
    expect(
        same(stored, [1, 1]),
        "A rating of a movie that does not exist was stored.",
        pitfall="foreign-keys-off",
    )
