"""The cells of the storage notebook."""

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
def test_averages(notebook: Notebook, draw: Draw) -> None:
    """The statement gives the average of each genre, best first."""
    expect_answer(notebook, "averages")
    low, high, *tied = draw.distinct(4)
    genres = [low, high, *sorted(tied, reverse=True), draw.word(4)]
    scores = {low: [1, 2], high: [5, 4, 5], tied[0]: [3], tied[1]: [2, 4]}
    movies = [
        [number, draw.words(), draw.number(1900, 2100), genre]
        for number, genre in enumerate(genres, 1)
    ]
    found = [
        [movie[0], score] for movie in movies for score in scores.get(str(movie[3]), ())
    ]
    ratings = [[number, *rating] for number, rating in enumerate(found, 1)]
    seen = expect_asked(
        notebook, "averages", "Running the statement", movies=movies, ratings=ratings
    )
    means = [[genre, sum(given) / len(given)] for genre, given in scores.items()]
    wanted = sorted(means, key=lambda mean: (-float(str(mean[1])), str(mean[0])))
    expect(same(seen, wanted), "The averages, their order or their columns differ.")


@check(points=2, after=test_handed_in)
def test_choose(notebook: Notebook, draw: Draw) -> None:
    """A store is chosen as the table says."""
    expect_answer(notebook, "choose")
    situations = [
        {"losable": losable, "analysis": analysis, "writers": writers}
        for losable in (False, True)
        for analysis in (False, True)
        for writers in (1, 2, draw.number(3, 90))
    ]
    seen = expect_asked(notebook, "choose", "Choosing", situations=situations)
    stores = ["sqlite", "postgresql", "postgresql"]
    wanted = stores + ["duckdb"] * 3 + ["redis"] * 6
    expect(same(seen, wanted), "A situation got another store than the table names.")


@check(points=3, after=test_handed_in)
def test_route(notebook: Notebook, draw: Draw) -> None:
    """Statements go to the primary or a replica as the rules say."""
    expect_answer(notebook, "route")
    table = draw.word().lower()
    lag = draw.number(10, 40) / 10
    read = f"SELECT * FROM {table}"
    late = lag + draw.number(1, 9)
    requests = {
        (read, None, lag): "replica",
        (f"  {read.lower()} ", late, lag): "replica",
        (read, late, lag): "replica",
        (read, lag / 2, lag): "primary",
        (read, 0.0, lag): "primary",
        (read, lag, lag): "primary",
        (f"{read} FOR UPDATE", None, lag): "primary",
        (f"{read.lower()} for update  ", late, lag): "primary",
        (f"INSERT INTO {table} VALUES (1)", None, lag): "primary",
        (f" delete from {table}", late, lag): "primary",
        (f"UPDATE {table} SET selected = 1", None, lag): "primary",
    }
    asked = [list(request) for request in requests]
    seen = expect_asked(notebook, "route", "Routing", requests=asked)
    expect(same(seen, list(requests.values())), "A statement went to the wrong server.")
