"""What else is checked of the models."""

from typing import TYPE_CHECKING, Any, NoReturn

from grader.checks import (
    Answer,
    Database,
    Draw,
    Json,
    Project,
    Service,
    UnreadableError,
    cannot_ask,
    check,
    expect,
    expect_observed,
    fail,
)

if TYPE_CHECKING:
    from conftest import Door

FILE = "data/models.db"
CONFIGURED = "data/service.db"
MAPPED = "tables_are_mapped"
UNPROCESSABLE = 422
SERVER_ERROR = 500
CREATED = 201
ABSENT = (404, 405)
KINDS = {
    "number": ("INT",),
    "text": ("CHAR", "TEXT", "CLOB", "STRING"),
}
COLUMNS = {
    "movie": {"id": "number", "title": "text", "year": "number", "genre": "text"},
    "rating": {"id": "number", "movie_id": "number", "score": "number"},
}


def movie(draw: Draw) -> dict[str, Any]:
    """Draw a right movie."""
    return {
        "title": draw.words(),
        "year": draw.number(1900, 2100),
        "genre": draw.word(),
    }


def rows(project: Project, path: str, table: str) -> list[dict[str, Json]]:
    """Read a table from the file itself."""
    database = project.database(path)
    try:
        known = database is not None and table in database.tables()
        return database.rows(table) if database is not None and known else []
    except UnreadableError as error:
        fail(f"The database file cannot be read: {error}.")


@check(points=3, core=True, after=MAPPED)
def test_columns(created: Database) -> None:
    """Each table has its columns, of the right types, and none may be empty."""
    for table, columns in COLUMNS.items():
        found = created.columns(table)
        for name, kind in columns.items():
            column = found.get(name)
            if column is None:
                shown = ", ".join(found)
                fail(f"{table} has no {name}: only {shown}.", pitfall="wrong-column")
            expect(
                any(part in column.type for part in KINDS[kind]),
                f"{table}.{name} should hold a {kind}, but is {column.type}.",
                pitfall="wrong-column",
            )
            expect(
                column.required,
                f"{table}.{name} may be left empty.",
                pitfall="wrong-column",
            )
        expect(
            found["id"].primary_key,
            f"{table}.id is not the primary key.",
            pitfall="wrong-column",
        )


@check(points=1, after=MAPPED)
def test_what_is_searched_is_indexed(created: Database) -> None:
    """Titles and genres are found by an index."""
    indexed = created.indexed_sets("movie")
    missing = [name for name in ("title", "genre") if not _leads(name, indexed)]
    expect(
        not missing,
        f"movie has no index on {' nor on '.join(missing)}.",
        pitfall="missing-index",
    )


def _leads(name: str, indexed: set[frozenset[str]]) -> bool:
    return any(name in columns or "None" in columns for columns in indexed)


@check(points=1, after=[MAPPED, "columns"])
def test_genre_has_a_default(project: Project, draw: Draw) -> None:
    """A movie that is stored without a genre gets the agreed one."""
    right = movie(draw)
    seen = project.ask(
        "store_without_genre",
        load=["models"],
        path=FILE,
        title=right["title"],
        year=right["year"],
    )
    expect_observed(seen, "Storing a movie without a genre", pitfall="missing-default")
    found = [row.get("genre") for row in rows(project, FILE, "movie")]
    expect(
        found == ["Unknown"],
        "A movie without a genre was stored with another one than agreed.",
        pitfall="missing-default",
        evidence=project.events().story(),
    )


@check(points=2, core=True, after=[MAPPED, "rating_points_at_a_movie", "columns"])
def test_relationship_both_ways(project: Project, draw: Draw) -> None:
    """A movie knows its ratings, and a rating its movie."""
    scores = [draw.number(1, 5), draw.number(1, 5)]
    seen = project.ask(
        "relate", load=["models"], path=FILE, movie=movie(draw), scores=scores
    )
    value = expect_observed(seen, "Relating ratings to a movie")
    told = value if isinstance(value, dict) else {}
    one_way = "one-way-relationship"
    story = project.events().story()
    expect(told.get("down"), "A movie does not know its ratings.", pitfall=one_way)
    expect(told.get("up"), "A rating does not know its movie.", pitfall=one_way)
    expect(
        told.get("at_once") is True,
        "A rating was added to a movie's ratings, and did not know its movie.",
        pitfall=one_way,
    )
    expect(
        told.get("scores") == sorted(scores) and told.get("back") == [True, True],
        "Two ratings were related to a movie; read again, they were not both there.",
        evidence=[*map(str, told.items()), *story],
    )
    owners = {row.get("id") for row in rows(project, FILE, "movie")}
    stored = {row.get("movie_id") for row in rows(project, FILE, "rating")}
    expect(stored == owners, "The ratings in the file are of no movie.", evidence=story)


@check(points=3, core=True, after=[MAPPED, "columns"])
def test_payload_refuses_bad_input(door: "Door", draw: Draw) -> None:
    """A movie with a wrong or missing field is refused at the door, with 422."""
    project, service = door.project, _open(door)
    right = movie(draw)
    untyped = service.post("/movies", {**right, "year": draw.word()})
    if untyped.status != UNPROCESSABLE:
        _explain_untyped(door, service.post("/movies", movie(draw)), untyped)
    answer = service.post("/movies", movie(draw))
    expect(
        answer.status != UNPROCESSABLE,
        "A movie with nothing wrong was refused.",
        evidence=answer.evidence(),
    )
    before = rows(project, CONFIGURED, "movie")
    bad = {
        "A year long before 1900": {**right, "year": draw.number(5, 1899)},
        "A year after 2100": {**right, "year": draw.number(2101, 9000)},
        "An empty title": {**right, "title": ""},
        "A movie without a title": _without(right, "title"),
        "A movie without a year": _without(right, "year"),
    }
    for told, body in bad.items():
        answer = service.post("/movies", body)
        expect(
            answer.status == UNPROCESSABLE,
            f"{told} was answered with {_shown(answer)}, not 422.",
            pitfall="payload-without-bounds",
            evidence=[*answer.evidence(), *project.events().story()],
        )
    expect(
        rows(project, CONFIGURED, "movie") == before,
        "A movie was refused, and stored all the same.",
        evidence=project.events().story(),
    )


def _explain_untyped(door: "Door", fair: Answer, untyped: Answer) -> NoReturn:
    """Fail for the year that was no number, unless no movie at all is served."""
    told = f"A year that is no number was answered with {_shown(untyped)}, not 422."
    evidence = [*untyped.evidence(), *door.project.events().story()]
    if door.project.ask("takes_a_table").value is True:
        fail(told, pitfall="table-model-validates", evidence=evidence)
    if not 0 < fair.status < SERVER_ERROR:
        cannot_ask("Your service fails on every movie, so its door was not tried.")
    fail(told, pitfall="payload-without-bounds", evidence=evidence)


def _open(door: "Door") -> Service:
    if door.service is None:
        cannot_ask("Your service does not start, so nothing could be sent to it.")
    return door.service


def _without(body: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in body.items() if key != name}


def _shown(answer: Answer) -> str:
    return str(answer.status) if answer.status else f"nothing ({answer.problem})"


@check(points=1, after=test_payload_refuses_bad_input)
def test_blank_title_is_refused(door: "Door", draw: Draw) -> None:
    """A title of nothing but spaces is refused at the door, with 422."""
    project, service = door.project, _open(door)
    answer = service.post("/movies", {**movie(draw), "title": " " * draw.number(1, 5)})
    expect(
        answer.status == UNPROCESSABLE,
        f"A title of spaces was answered with {_shown(answer)}, not 422.",
        pitfall="blank-title-accepted",
        evidence=[*answer.evidence(), *project.events().story()],
    )


@check(points=1, after=test_payload_refuses_bad_input)
def test_client_does_not_choose_the_id(door: "Door", draw: Draw) -> None:
    """A client cannot choose the id of its movie."""
    project, service = door.project, _open(door)
    chosen = draw.number(4_000, 90_000)
    answer = service.post("/movies", {**movie(draw), "id": chosen})
    stored = [row.get("id") for row in rows(project, CONFIGURED, "movie")]
    expect(
        answer.get("id") != chosen and chosen not in stored,
        "A client sent an id, and its movie got it.",
        pitfall="client-chooses-id",
        evidence=[*answer.evidence(), *project.events().story()],
    )


@check(points=1, after=MAPPED)
def test_scores_have_bounds(door: "Door", draw: Draw) -> None:
    """A score outside of 1 to 5 is refused at the door."""
    wrong = [0, 6, -draw.number(1, 90), draw.number(7, 90), draw.word()]
    project, service = door.project, door.service
    if service is not None and _judge_scores(service, movie(draw), wrong, project):
        return
    seen = project.ask("rating_payloads", right=[1, 5], wrong=wrong)
    value = expect_observed(seen, "Giving scores to your payload models")
    told = value if isinstance(value, list) else []
    models = [model for model in told if isinstance(model, dict)]
    expect(models, "There is no payload model for a rating: one with a score, no id.")
    for model in models:
        name = str(model.get("name"))[:80]
        expect(
            not model.get("accepted"),
            f"{name} accepts a score outside of 1 to 5.",
            pitfall="payload-without-bounds",
        )
        expect(not model.get("refused"), f"{name} refuses a score that is right.")


def _judge_scores(
    service: Service, right: dict[str, Any], wrong: list[Json], project: Project
) -> bool:
    """Judge scores by the route that takes them; say whether there is one to ask."""
    added = service.post("/movies", right)
    number = added.get("id")
    if added.status != CREATED or type(number) is not int:
        return False
    path = f"/movies/{number}/ratings"
    fair = service.post(path, {"score": 3})
    if fair.status in (*ABSENT, UNPROCESSABLE):
        return False
    for score in wrong:
        answer = service.post(path, {"score": score})
        expect(
            answer.status == UNPROCESSABLE,
            f"A wrong score was answered with {_shown(answer)}, not 422.",
            pitfall="payload-without-bounds",
            evidence=[*answer.evidence(), *project.events().story()],
        )
    return True
