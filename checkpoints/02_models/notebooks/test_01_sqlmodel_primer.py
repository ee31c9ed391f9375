"""The cells of the SQLModel primer."""

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


@check(points=3, after=test_handed_in)
def test_payload_model(notebook: Notebook, draw: Draw) -> None:
    """The payload model takes right movies and refuses wrong ones."""
    expect_answer(notebook, "payload-model")
    title, year, genre = draw.words(), draw.number(1900, 2100), draw.word()
    right: list[dict[str, Json]] = [
        {"title": title, "year": year, "genre": genre},
        *({"title": title, "year": year} for year in (1900, 2100)),
    ]
    wrong = [
        *({"title": title, "year": year} for year in (1899, 2101, -year)),
        {"title": "", "year": year},
        {"year": year},
    ]
    seen = expect_asked(
        notebook, "build_payloads", "Building a MovieCreate", payloads=[*right, *wrong]
    )
    built = seen if isinstance(seen, list) else []
    expect("refused" not in built[:3], "A right movie was refused.")
    expect(
        built[3:] == ["refused"] * len(wrong),
        "A movie without a title or from an impossible year was let in.",
        pitfall="payload-without-bounds",
    )
    wanted = [{"genre": "Unknown", **movie} for movie in right]
    held = [_without_id(values) for values in built[:3]]
    expect(same(held, wanted), "The payload does not hold what it was given.")
    expect(
        not any("id" in values for values in built[:3] if isinstance(values, dict)),
        "The payload has an id, so that a client may choose it.",
        pitfall="client-chooses-id",
    )


def _without_id(values: Json) -> Json:
    if not isinstance(values, dict):
        return values
    return {name: value for name, value in values.items() if name != "id"}


@check(points=2, after=test_handed_in)
def test_add_movie(notebook: Notebook, draw: Draw) -> None:
    """A taken title is answered, and the session works on."""
    expect_answer(notebook, "add-movie")
    first, second, third = draw.distinct(3)
    seen = expect_asked(
        notebook,
        "add_movies",
        "Adding movies",
        symptoms=(
            Symptom("no-rollback", "PendingRollbackError"),
            Symptom("duplicate-is-a-500", "IntegrityError"),
        ),
        titles=[first, second, first, third, second],
    )
    wanted = {
        "answers": [True, True, False, True, False],
        "stored": sorted([first, second, third]),
    }
    expect(same(seen, wanted), "Not each answer says whether the title was free.")


@check(points=2, after=test_handed_in)
def test_award_model(notebook: Notebook, draw: Draw) -> None:
    """An award is a table that points at its movie."""
    expect_answer(notebook, "award-model")
    title, name = draw.distinct(2)
    found = expect_asked(
        notebook,
        "award",
        "Giving an award",
        symptoms=(
            Symptom("table-true-forgotten", "UnmappedInstanceError"),
            Symptom("wrong-foreign-key", "NoReferencedTableError"),
            Symptom("wrong-foreign-key", "NoForeignKeysError"),
        ),
        path="awards.db",
        title=title,
        name=name,
    )
    expect(same(found, title), "The award's movie is another than it was given to.")
    database = notebook.database("project/awards.db")
    keys = [] if database is None else database.foreign_keys("award")
    expect(
        [(key.column, key.table, key.target) for key in keys]
        == [("movie_id", "movie", "id")],
        "The table award has no foreign key from movie_id to movie.id.",
        pitfall="wrong-foreign-key",
    )


@check(points=1, after=test_handed_in)
def test_newest_first(notebook: Notebook, draw: Draw) -> None:
    """Titles come newest first, and alphabetically within a year."""
    expect_answer(notebook, "newest-first")
    year = draw.number(1950, 2000)
    years = [year, year + 5, year - 5, year + 5, year]
    movies: list[list[Json]] = [
        [title, year, []] for title, year in zip(draw.distinct(5), years, strict=True)
    ]
    seen = expect_asked(notebook, "newest_first", "Listing titles", movies=movies)
    ordered = sorted(movies, key=lambda movie: (-movie[1], movie[0]))
    expect(
        same(seen, [title for title, _, _ in ordered]),
        "The titles came in another order.",
        pitfall="unsorted-list",
    )


@check(points=2, after=test_handed_in)
def test_movies_with_ratings(notebook: Notebook, draw: Draw) -> None:
    """Movies come with their ratings, in a fixed number of statements."""
    expect_answer(notebook, "movies-with-ratings")
    movies = [
        (title, 2000, [draw.number(1, 5) for _ in range(draw.number(1, 3))])
        for title in draw.distinct(6)
    ]
    seen = expect_asked(
        notebook,
        "with_ratings",
        "Reading ratings after the session was closed",
        symptoms=(Symptom("n-plus-one", "DetachedInstanceError"),),
        movies=movies,
    )
    found = seen if isinstance(seen, dict) else {}
    ordered = [[title, sorted(scores)] for title, _, scores in sorted(movies)]
    expect(same(found.get("movies"), ordered), "Movies or ratings are not right.")
    expect(
        found.get("statements") in (1, 2),
        "The more movies there were, the more statements it took.",
        pitfall="n-plus-one",
    )
