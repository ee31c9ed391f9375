"""What a student's kit checks of the service on its database."""

from collections.abc import Callable
from typing import Any

from grader.checks import (
    Answer,
    Draw,
    Events,
    Project,
    Sandbox,
    Service,
    Symptom,
    check,
    expect,
    expect_installed,
    expect_json,
    expect_observed,
    expect_status,
    fail,
    recognise,
)

Row = dict[str, Any]
Find = Callable[..., Row | None]
Stored = Callable[..., Row]

USAGE_ERROR = 2

START_UP = (Symptom("circular-import", "ImportError", "circular import"),)


@check(points=0.5, core=True, after="migration.upgrade_builds_the_schema")
def test_service_starts(service: Service, sandbox: Sandbox) -> None:
    """The service starts on the database that your migrations built."""
    seen = service.observation
    expect_installed(sandbox, seen, "missing-package")
    expect_observed(seen, "Starting the service", pitfall=recognise(seen, START_UP))
    answer = service.get("/health")
    expect(
        answer.status != 0,
        "The service started, but it answers no request.",
        evidence=answer.evidence(),
    )


@check(points=2, core=True, after=test_service_starts)
def test_movie_is_stored(
    service: Service, world: Project, find: Find, draw: Draw
) -> None:
    """A movie that was posted is committed to the database file."""
    title = draw.words(3)
    year = draw.number(1920, 2020)
    movie = {"title": title, "year": year, "genre": draw.word()}
    answer = service.post("/movies", json=movie)
    events = world.events()
    row = find("movie", title=title)
    if row is None:
        _explain_missing_movie(service, world, answer, events)
    expect(
        row is not None and row.get("year") == year,
        "The movie's row in the file has another year than was posted.",
        evidence=events.story(),
    )


def _explain_missing_movie(
    service: Service, world: Project, answer: Answer, events: Events
) -> None:
    """Fail with the pitfall that the evidence shows."""
    pitfall = _unfinished(events, "INSERT INTO", "movie")
    if answer.status >= 500:
        pitfall = pitfall or _seen_in_process(world)
        expect_status(answer, 201, pitfall=pitfall, evidence=events.story())
    expect_status(answer, 200, 201, evidence=events.story())
    place = f"/movies/{answer.get('id')}"
    again = service.get(place) if answer.get("id") is not None else answer
    if not events.statements and again.status == 200 and not world.events().statements:
        pitfall = "still-in-memory"
    fail(
        f"{answer.request} answered {answer.status}, but the movie is not in the file.",
        pitfall=pitfall or _seen_in_process(world),
        evidence=events.story() or ["The service sent no SQL at all."],
    )


def _unfinished(events: Events, verb: str, table: str) -> str | None:
    """Name the mistake where a statement was sent and never committed."""
    sent = [text for text in events.statements if _is_about(text, verb, table)]
    return "flush-is-commit" if sent and not events.count("commit") else None


def _is_about(statement: str, verb: str, table: str) -> bool:
    words = statement.replace('"', "").replace("(", " ").split()[:3]
    return [word.lower() for word in words] == [*verb.lower().split(), table]


def _seen_in_process(world: Project) -> str | None:
    """Look into the process for what HTTP cannot show: dependencies, the session."""
    given = world.ask("given_to_routes", load=("app",))
    names = given.value if isinstance(given.value, list) else []
    if "_GeneratorContextManager" in names:
        return "contextmanager-as-dependency"
    held = world.ask("left_in_session", load=("app",))
    if held.succeeded and isinstance(held.value, int) and held.value > 0:
        return "commit-forgotten"
    return None


@check(points=0.5, after=test_movie_is_stored)
def test_movies_are_listed_by_title(
    service: Service, stored: Stored, draw: Draw
) -> None:
    """GET /movies lists every movie, ordered by title."""
    titles = draw.distinct(5)
    if titles == sorted(titles):
        titles.reverse()
    for title in titles:
        stored(title)
    answer = service.get("/movies")
    value = expect_json(answer, 200)
    expect(isinstance(value, list), "GET /movies did not answer with a list.")
    listed = [item.get("title") for item in answer.items()]
    ours = [title for title in listed if title in titles]
    expect(
        sorted(ours) == sorted(titles),
        f"{len(titles)} movies were stored; {len(ours)} of them were listed.",
        evidence=answer.evidence(),
    )
    expect(
        ours == sorted(titles),
        "The movies came in another order than that of their titles.",
        pitfall="unsorted-list",
        evidence=answer.evidence(),
    )


@check(points=1, core=True, after=test_movie_is_stored)
def test_unknown_movie_is_not_found(
    service: Service, stored: Stored, unknown: Callable[[], str]
) -> None:
    """A movie that is not there answers 404, to GET and to DELETE."""
    known = stored()
    expect_status(service.get(f"/movies/{known.get('id')}"), 200)
    for method in ("GET", "DELETE"):
        answer = service.request(method, f"/movies/{unknown()}")
        if answer.status != 404:
            refused = 400 <= answer.status < 500 and answer.status != 405
            expect_status(
                answer, 404, pitfall="wrong-status" if refused else "missing-404"
            )


@check(points=1, core=True, after=test_movie_is_stored)
def test_rating_is_stored(
    service: Service, world: Project, stored: Stored, find: Find, draw: Draw
) -> None:
    """A rating is committed to the file, for the movie that was rated."""
    others = [stored(), stored(), stored()]
    movie = others.pop(draw.number(0, 1))
    score = draw.number(1, 5)
    world.events()
    place = f"/movies/{movie.get('id')}/ratings"
    answer = service.post(place, json={"score": score})
    events = world.events()
    if find("rating", movie_id=movie.get("id"), score=score) is not None:
        return
    astray = any(find("rating", movie_id=one.get("id")) for one in others)
    pitfall = "rating-of-the-wrong-movie" if astray else None
    if answer.status < 300:
        pitfall = pitfall or _uncommitted(events, "INSERT INTO", "rating")
    fail(
        f"{answer.request} answered {answer.status}; the file holds no such rating.",
        pitfall=pitfall or _unfinished(events, "INSERT INTO", "rating"),
        evidence=[*answer.evidence(), *events.story()],
    )


def _uncommitted(events: Events, verb: str, table: str) -> str | None:
    """Name the mistake where a write was answered as done and is not in the file."""
    if not any(_is_about(text, verb, table) for text in events.statements):
        return "commit-forgotten" if events.statements else None
    return _unfinished(events, verb, table)


@check(points=1, core=True, after=test_movie_is_stored)
def test_delete_removes(
    service: Service, world: Project, stored: Stored, gone: Callable[..., bool]
) -> None:
    """A deleted movie is gone from the file."""
    movie = stored()
    world.events()
    answer = service.delete(f"/movies/{movie.get('id')}")
    events = world.events()
    story = [*answer.evidence(), *events.story()]
    expect(
        answer.status in (200, 202, 204),
        f"{answer.request} should answer 204; it answered {answer.status}.",
        evidence=story,
    )
    expect(
        gone("movie", id=movie.get("id")),
        f"{answer.request} answered {answer.status}, but the row is still there.",
        pitfall=_uncommitted(events, "DELETE FROM", "movie"),
        evidence=story,
    )


@check(points=1, after=test_movie_is_stored)
def test_trace_id_is_echoed(
    service: Service, stored: Stored, unknown: Callable[[], str], draw: Draw
) -> None:
    """The X-Trace-Id that came with a request is on its answer, also on errors."""
    stored()
    movie = {"title": draw.words(3), "year": 2003, "genre": draw.word()}
    requests = (
        ("GET", "/movies", None),
        ("POST", "/movies", movie),
        ("GET", f"/movies/{unknown()}", None),
        ("POST", "/movies", {"title": "", "year": "soon"}),
    )
    for method, place, body in requests:
        trace = draw.word(6).lower()
        answer = service.request(
            method, place, json=body, headers={"X-Trace-Id": trace}
        )
        expect(
            answer.headers.get("x-trace-id") == trace,
            f"{answer.request} answered {answer.status} without the trace id that "
            "the request had.",
            pitfall="trace-id-not-echoed",
            evidence=[str(answer.headers.get("x-trace-id"))],
        )


@check(points=0.5)
def test_commands_are_there(project: Project) -> None:
    """There is a command-line program for the database."""
    expect(
        project.has("cli"),
        "No command-line program was found.",
        pitfall="no-commands",
    )


@check(
    points=0.5,
    after=(
        test_commands_are_there,
        "engine.session_opens",
        "models.tables_are_mapped",
    ),
)
def test_commands_start_as_they_are_run(
    sandbox: Sandbox, project: Project, command: Callable[..., Row]
) -> None:
    """The command-line program starts the way you run it."""
    seen = command("migrate")["seen"]
    if seen.error is None or "ImportError" not in seen.error.kinds:
        return  # that it starts is all that is asked here
    own = sandbox.missing_package(seen) is None
    expect_observed(
        seen,
        f"Running {project.lodging.paths['cli']}",
        pitfall="script-cannot-import" if own else "missing-package",
    )


@check(points=0.5, after=test_commands_are_there)
def test_migrate_is_a_command(command: Callable[..., Row]) -> None:
    """The command-line program knows the command `migrate`."""
    ran = command("migrate", importable=True)
    swallowed = "unexpected extra argument" in ran["output"]
    expect(
        ran["exit_code"] != USAGE_ERROR,
        "`migrate` was refused: it is no command of the program.",
        pitfall="single-command-typer" if swallowed else None,
        evidence=ran["evidence"],
    )
