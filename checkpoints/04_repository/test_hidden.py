"""What is checked of the service beyond the kit."""

import contextlib
import re
from collections.abc import Callable
from typing import Any

from grader.checks import (
    Answer,
    Draw,
    Project,
    Service,
    UnreadableError,
    check,
    expect,
    expect_json,
    expect_observed,
    expect_status,
    fail,
)

Row = dict[str, Any]
Rows = Callable[..., list[Row]]
Find = Callable[..., Row | None]
Stored = Callable[..., Row]
Unknown = Callable[[], str]

FIELDS = ("id", "title", "year", "genre")
TRACE = "X-Trace-Id"


@check(points=1, core=True, after="movie_is_stored")
def test_stored_movie_is_answered(service: Service, find: Find, draw: Draw) -> None:
    """POST answers the movie that it stored, with its id; GET answers the same."""
    movie = {"title": draw.words(3), "year": draw.number(1920, 2020)}
    answer = service.post("/movies", json={**movie, "genre": draw.word()})
    row = find("movie", title=movie["title"]) or {}
    asked = service.get(f"/movies/{row.get('id')}")
    shown = expect_json(asked, 200, has=FIELDS)
    expect(
        all(shown[name] == row.get(name) for name in FIELDS),
        f"{asked.request} answered something else than the row in the file.",
        evidence=asked.evidence(),
    )
    body = answer.json()
    told = body if isinstance(body, dict) else {}
    expect(
        all(told.get(name) == shown[name] for name in FIELDS),
        f"{answer.request} stored the movie and answered {answer.status}, but not with "
        "what GET shows of it.",
        pitfall="empty-answer-after-commit",
        evidence=answer.evidence(),
    )


@check(points=0.5, after=test_stored_movie_is_answered)
def test_statuses_say_what_was_done(
    service: Service, stored: Stored, draw: Draw
) -> None:
    """Creating answers 201, deleting 204."""
    movie = {"title": draw.words(3), "year": 2001, "genre": draw.word()}
    place = f"/movies/{stored().get('id')}"
    done = (
        (service.post("/movies", json=movie), 201),
        (service.post(f"{place}/ratings", json={"score": 3}), 201),
        (service.delete(place), 204),
    )
    for answer, status in done:
        if answer.status < 300:
            expect_status(answer, status, pitfall="wrong-status")


@check(points=0.5, core=True, after="movie_is_stored")
def test_movie_survives_a_restart(service: Service, stored: Stored, find: Find) -> None:
    """A stored movie is still there after the service was started again."""
    movie = stored()
    expect_observed(service.restart(), "Starting the service again")
    answer = service.get(f"/movies/{movie.get('id')}")
    if find("movie", title=movie["title"]) is None:
        fail("The second start took the row away.", pitfall="emptied-at-startup")
    expect_status(answer, 200)


@check(points=0.5, after="movie_is_stored")
def test_genre_is_title_cased(stored: Stored, draw: Draw) -> None:
    """A genre is stored with capitals, however it was typed."""
    genre = f"{draw.word()} {draw.word()}"
    typed = genre.upper() if draw.number(0, 1) else genre.lower()
    row = stored(genre=typed)
    if row.get("genre") != genre:
        fail(
            "The genre is stored in another spelling than it should.",
            pitfall="genre-not-title-cased" if row.get("genre") == typed else None,
            evidence=[str(row.get("genre"))],
        )


@check(points=1.5, core=True, after=("movie_is_stored", "models.title_is_unique"))
def test_duplicate_title_is_refused(
    service: Service, world: Project, stored: Stored, rows: Rows, draw: Draw
) -> None:
    """A title that is taken answers 409, and the service goes on."""
    taken = stored()
    again = {"title": taken["title"], "year": 1999, "genre": draw.word()}
    world.events()
    answer = service.post("/movies", json=again)
    story = world.events().story()
    if answer.status != 409:
        refused = 400 <= answer.status < 500
        pitfall = "wrong-status" if refused else None
        if answer.status >= 500:
            pitfall = _why_duplicates_break(world, draw)
        expect_status(answer, 409, pitfall=pitfall, evidence=story)
    same = [row for row in rows("movie") if row.get("title") == taken["title"]]
    expect(len(same) == 1, "It answered 409 and stored the movie all the same.")
    next_one = {"title": draw.words(3), "year": 2002, "genre": draw.word()}
    for after in (service.post("/movies", json=next_one), service.get("/movies")):
        if after.status >= 500:
            expect_status(after, 200, 201, pitfall="no-rollback", evidence=story)


def _why_duplicates_break(world: Project, draw: Draw) -> str | None:
    movie = {"title": draw.words(4), "year": 1999, "genre": draw.word()}
    seen = world.ask("raised_by_duplicate", load=("app",), movie=movie)
    raised = seen.value if seen.succeeded else None
    if not isinstance(raised, list) or "IntegrityError" not in raised:
        return None
    if "PendingRollbackError" in raised:
        return "no-rollback"
    return "duplicate-is-a-500"


@check(
    points=1,
    after=("movie_is_stored", "engine.a_session_for_each_call"),
)
def test_each_request_has_its_session(
    service: Service, world: Project, stored: Stored
) -> None:
    """Every request works in a session of its own."""
    stored()
    world.events()
    for _ in range(3):
        service.get("/movies")
        events = world.events()
        # A new session begins a transaction; one that lives on is in its old one.
        expect(
            events.count("begin") > 0 or not events.statements,
            "A request went on in the transaction of an earlier request.",
            pitfall="session-shared-between-requests",
            evidence=events.story(),
        )


@check(
    points=1,
    after=("delete_removes", "rating_is_stored", "engine.foreign_keys_are_enforced"),
)
def test_delete_takes_the_ratings_along(
    service: Service, world: Project, stored: Stored, rows: Rows
) -> None:
    """Deleting a movie that has ratings leaves no rating without its movie."""
    movie = stored()
    place = f"/movies/{movie.get('id')}"
    for score in (2, 5):
        service.post(f"{place}/ratings", json={"score": score})
    world.events()
    answer = service.delete(place)
    story = world.events().story()
    left = [r for r in rows("rating") if r.get("movie_id") in (movie.get("id"), None)]
    kept = any(row.get("id") == movie.get("id") for row in rows("movie"))
    if answer.status == 409 and kept and left:
        return  # refusing is right too
    expect(
        answer.status < 500 and not left and not kept,
        f"{answer.request} answered {answer.status}; {len(left)} of its ratings are "
        f"left, and the movie is {'still there' if kept else 'gone'}.",
        pitfall="delete-with-ratings-breaks",
        evidence=story,
    )


@check(points=0.5, after=("duplicate_title_is_refused", "unknown_movie_is_not_found"))
def test_errors_share_one_envelope(
    service: Service, stored: Stored, unknown: Unknown
) -> None:
    """Errors of every kind come as JSON objects of the same shape."""
    movie = stored()
    again = {"title": movie["title"], "year": 2000, "genre": "Drama"}
    answers = [
        service.get(f"/movies/{unknown()}"),
        service.post("/movies", json=again),
        service.post("/movies", json={"title": movie["title"], "year": "soon"}),
    ]
    shapes = [_shape(answer) for answer in answers]
    expect(
        shapes[0] and all(shape == shapes[0] for shape in shapes),
        "The answers to a missing movie, a taken title and bad input look different.",
        pitfall="errors-without-envelope",
        evidence=[line for answer in answers for line in answer.evidence()],
    )


def _shape(answer: Answer) -> list[str]:
    value = answer.json()
    return sorted(value) if isinstance(value, dict) else []


@check(points=0.5, after="trace_id_is_echoed")
def test_trace_id_is_made(service: Service) -> None:
    """A request without a trace id gets one of its own."""
    made = [service.get("/movies").headers.get(TRACE.lower()) for _ in range(2)]
    expect(
        all(made) and made[0] != made[1],
        "Two requests without a trace id did not get one each.",
        pitfall="trace-id-not-made",
        evidence=list(map(str, made)),
    )


@check(points=1, after=("trace_id_is_echoed", "rating_is_stored", "delete_removes"))
def test_writes_are_logged(
    service: Service, world: Project, stored: Stored, find: Find, draw: Draw
) -> None:
    """Every write is logged in one line with the trace id and the movie's id."""
    title = draw.words(3)
    rated = stored().get("id")
    movie = {"title": title, "year": 2004, "genre": draw.word()}
    seen = [_traced(service, draw, "POST", "/movies", movie)]
    made = (find("movie", title=title) or {}).get("id")
    score = {"score": draw.number(1, 5)}
    seen.append(_traced(service, draw, "POST", f"/movies/{rated}/ratings", score))
    seen.append(_traced(service, draw, "DELETE", f"/movies/{made}", None))
    written = [
        (*one, str(of)) for one, of in zip(seen, (made, rated, made), strict=True)
    ]
    lines = world.events().log
    if not all(_is_logged(lines, *one[1:]) for one in written):
        lines = [*lines, *service.stop().splitlines()]  # a log of one's own
        service.start()
    for request, trace, identity in written:
        expect(
            _is_logged(lines, trace, identity),
            f"No line of the log has both the trace id and the id of {request}.",
            pitfall="trace-id-not-logged",
            evidence=lines[-10:],
        )


def _traced(
    service: Service, draw: Draw, method: str, place: str, body: Any
) -> tuple[str, str]:
    trace = draw.word(7).lower()
    answer = service.request(method, place, json=body, headers={TRACE: trace})
    return answer.request, trace


def _is_logged(lines: list[str], trace: str, identity: str) -> bool:
    wanted = re.compile(rf"(?<![\w-]){re.escape(identity)}(?![\w-])")
    return any(
        trace in line and wanted.search(line.replace(trace, "")) for line in lines
    )


@check(points=0.5, after="movie_is_stored")
def test_huge_id_is_no_server_error(service: Service, draw: Draw) -> None:
    """An id with far too many digits is the client's error, not the service's."""
    huge = 2**63 + draw.number(1, 10**9)
    for method in ("GET", "DELETE"):
        answer = service.request(method, f"/movies/{huge}")
        expect(
            answer.status < 500,
            f"{answer.request} answered {answer.status}: the id fits no column.",
            pitfall="id-overflow-is-a-500",
            evidence=answer.evidence(),
        )


@check(points=1, after="rating_is_stored")
def test_repository_uses_the_session_given(
    world: Project, rows: Rows, draw: Draw
) -> None:
    """MovieRepository does all its work in the session that it is given."""
    movie = {"title": draw.words(4), "year": 2005, "genre": draw.word()}
    other = "data/other.db"
    seen = world.ask("use_repository", load=("app",), other=other, movie=movie, score=4)
    expect(
        not _titles(rows("movie")) & {movie["title"]},
        "The movie went to the service's own database, not where the session led.",
        pitfall="repository-opens-its-own-session",
        evidence=world.events().story(),
    )
    value = expect_observed(seen, "Using MovieRepository(session)")
    expect(
        movie["title"] in _titles(rows("movie", other)),
        "create() did not store the movie through the session it was given.",
    )
    known = value if isinstance(value, dict) else {}
    expect(
        known.get("got") == movie["title"]
        and movie["title"] in known.get("listed", ()),
        "get() or list() does not show what create() stored through the same session.",
    )


def _titles(rows: list[Row]) -> set[Any]:
    return {row.get("title") for row in rows}


@check(points=0.5, after=("commands_are_there", "engine.a_file_is_written"))
def test_ready_means_tables(migrated: Row) -> None:
    """`migrate` says that the database is ready only if the tables are in it."""
    told_ready = "ready" in migrated["output"].lower() and not migrated["exit_code"]
    if told_ready and not migrated["tables"] and not migrated["revision"]:
        fail(
            "`migrate` said that the database is ready, and no table is in the file.",
            pitfall="init-db-without-models",
            evidence=migrated["evidence"],
        )


@check(
    points=0.5, after=(test_ready_means_tables, "migration.upgrade_builds_the_schema")
)
def test_migrate_runs_alembic(migrated: Row) -> None:
    """`migrate` brings the database to Alembic's newest revision, and says so."""
    if migrated["tables"] and not migrated["revision"]:
        fail(
            "`migrate` made the tables, and Alembic does not know of it.",
            pitfall="ready-without-migrating",
            evidence=migrated["evidence"],
        )
    expect(
        migrated["tables"] and migrated["revision"],
        f"After `migrate` there are no tables. {migrated['problem']}".strip(),
        evidence=migrated["evidence"],
    )
    expect(
        "database ready" in migrated["output"].lower() and not migrated["exit_code"],
        '`migrate` did its work, but did not end well with "Database ready".',
        evidence=migrated["evidence"],
    )


@check(points=2, bonus=True, after="rating_is_stored")
def test_rating_of_unknown_movie_is_refused(
    service: Service, world: Project, rows: Rows, unknown: Unknown, draw: Draw
) -> None:
    """Rating a movie that is not there answers 404 and stores nothing."""
    before = len(rows("rating"))
    place = f"/movies/{unknown()}/ratings"
    answer = service.post(place, json={"score": draw.number(1, 5)})
    expect(
        len(rows("rating")) == before and answer.status in (404, 409, 422),
        f"{answer.request} answered {answer.status} for a movie that is not there; "
        f"{len(rows('rating')) - before} ratings were stored.",
        pitfall="rating-of-unknown-movie",
        evidence=world.events().story(),
    )


@check(points=2, bonus=True, after="rating_is_stored")
def test_listing_costs_the_same_for_more_movies(
    service: Service, world: Project, draw: Draw
) -> None:
    """A list of many movies with their ratings takes no query per movie."""
    spent = []
    for count in (5, 45):
        movies = [[draw.words(4), 1990, draw.word(), [1, 5]] for _ in range(count)]
        seen = world.ask("fill", load=("app",), movies=movies)
        expect_observed(seen, "Filling the tables movie and rating")
        world.events()
        answer = service.get("/movies")
        events = world.events()
        spent.append(len(events.statements))
        expect(
            any(_shows_ratings(item) for item in answer.items()),
            "GET /movies shows no ratings, so there is nothing to be quick about.",
        )
    expect(min(spent) > 0, "The list was made without a single statement.")
    expect(
        spent[1] - spent[0] <= 3,
        f"{spent[0]} statements for a few movies became {spent[1]} for more.",
        pitfall="n-plus-one",
        evidence=events.story(12),
    )


def _shows_ratings(item: Row) -> bool:
    return any(value for name, value in item.items() if "rating" in name.lower())


@check(
    points=4,
    bonus=True,
    after=(
        "duplicate_title_is_refused",
        test_each_request_has_its_session,
        test_repository_uses_the_session_given,
    ),
)
def test_equal_requests_at_once(
    service: Service, world: Project, rows: Rows, draw: Draw
) -> None:
    """Of eight equal POSTs at once one is stored; the others are refused with 409."""
    movie = {"title": draw.words(4), "year": 2006, "genre": draw.word()}
    answers = service.together([("POST", "/movies", movie)] * 8)
    statuses = sorted(answer.status for answer in answers)
    stored = [row for row in rows("movie") if row.get("title") == movie["title"]]
    race = len(stored) > 1 or statuses[-1] >= 500
    expect(
        statuses[:1] in ([200], [201]) and statuses[1:] == [409] * 7 and stored,
        f"The answers were {statuses}, the rows stored {len(stored)}.",
        pitfall="check-then-insert" if race else None,
        evidence=world.events().story(),
    )
    movie = {"title": draw.words(4), "year": 2007, "genre": draw.word()}
    seen = world.ask("post_overtaken", load=("app",), movie=movie)
    value = expect_observed(seen, "Posting a movie while another does the same")
    status = value.get("status") if isinstance(value, dict) else None
    expect(
        status in (200, 201, 409),
        f"Overtaken by an equal request just before its INSERT, it answered {status}.",
        pitfall="check-then-insert",
        evidence=world.events().story(),
    )
    again = {"title": draw.words(4), "year": 2008, "genre": draw.word()}
    expect_status(service.post("/movies", json=again), 200, 201)


@check(points=1, after=("service_starts", "engine.nothing_at_import"))
def test_starting_creates_nothing(unmigrated: Project) -> None:
    """Starting the service on an empty database creates no tables."""
    service = unmigrated.serve()
    service.get("/health")
    for path in unmigrated.databases():
        database = unmigrated.database(path)
        if database is None or database.revision() is not None:
            continue  # whoever lets Alembic do it keeps one owner of the schema
        with contextlib.suppress(UnreadableError):
            expect(
                "movie" not in database.tables(),
                "Nobody had migrated, and the tables were there after the start.",
                pitfall="create-all-at-startup",
                evidence=unmigrated.events().story(),
            )
