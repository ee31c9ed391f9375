"""What else is checked of the engine."""

from typing import TYPE_CHECKING

from grader.checks import (
    Draw,
    Json,
    Project,
    UnreadableError,
    check,
    expect,
    expect_observed,
)

if TYPE_CHECKING:
    from conftest import Storage

CONFIGURED = "data/service.db"


def made(project: Project, before: dict[str, tuple[int, int]]) -> list[str]:
    """List the database files that were made or changed."""
    now = project.files()
    return [path for path in project.databases() if now[path] != before.get(path)]


@check(points=0.5, after="file_is_where_configured")
def test_default_file(storage: "Storage") -> None:
    """Without DATABASE_URL, the file is movies.db."""
    where = storage.holding(storage.write("")) or "no file"
    expect(
        where.rpartition("/")[2] == "movies.db",
        "Without DATABASE_URL, the row was not written to movies.db.",
        hint="The url to fall back on is sqlite:///./movies.db.",
        evidence=[f"the row is in: {where}", *storage.project.events().story()],
    )


@check(points=1, after="file_is_where_configured")
def test_folder_is_created(storage: "Storage") -> None:
    """The folder of the database file is created if it does not exist."""
    path = f"data/{'/'.join(map(str.lower, storage.draw.distinct(2)))}/service.db"
    storage.expect_stored(path, storage.write(path))


@check(points=0.5, after="file_is_where_configured")
def test_one_source_of_the_url(project: Project, storage: "Storage") -> None:
    """Whatever sets the database up uses the configured file, too."""
    before = project.files()
    storage.write()
    called = expect_observed(project.ask("set_up"), "Setting the database up")
    others = [path for path in made(project, before) if path != CONFIGURED]
    expect(
        not others,
        f"Calling {called} wrote another file than the one configured.",
        pitfall="hard-coded-url",
        evidence=[*others, *project.events().story()],
    )


@check(points=1, core=True, after="session_opens")
def test_foreign_keys_are_enforced(project: Project, draw: Draw) -> None:
    """A row that points at nothing is refused, over every connection."""
    parent, child = map(str.lower, draw.distinct(2))
    value = expect_observed(
        project.ask("insert_orphans", parent=parent, child=child), "Inserting rows"
    )
    answered = value.get("errors") if isinstance(value, dict) else None
    told = answered if isinstance(answered, list) else []
    stored = children(project, child)
    if stored is None:  # no file at all, which another check is about
        stored = [1, *(error for error in told if not error)]
    story = [f"rows stored: {stored}", *project.events().story()]
    expect(1 in stored, "A row that points at another was not stored.", evidence=story)
    expect(
        stored == [1],
        f"SQLite stored {len(stored) - 1} of 3 rows that point at no row.",
        pitfall="foreign-keys-off",
        evidence=story,
    )


def children(project: Project, table: str) -> list[Json] | None:
    """Read whom the rows of a table point at, in whichever file; None if in none."""
    for path in project.databases():
        database = project.database(path)
        try:
            if database is not None and table in database.tables():
                return [row.get("parent") for row in database.rows(table)]
        except UnreadableError:
            continue
    return None


@check(points=1, after="session_opens")
def test_a_session_for_each_call(project: Project) -> None:
    """Each call gives a session of its own."""
    seen = project.ask("open_two_at_once")
    expect(
        expect_observed(seen, "Opening two sessions") is True,
        "Two calls gave the very same session.",
        pitfall="one-session-for-all",
    )


@check(points=1, after=test_a_session_for_each_call)
def test_connections_come_back(project: Project) -> None:
    """A session gives its connection back when it ends, also after an error."""
    for failing in (False, True):
        seen = project.ask("end_sessions", failing=failing)
        value = expect_observed(seen, "Using sessions one after the other")
        told = value if isinstance(value, dict) else {}
        taken, given = told.get("checkout"), told.get("checkin")
        when = "in which an error was raised " if failing else ""
        expect(
            isinstance(taken, int) and taken == given,
            f"After 4 sessions {when}were ended, {taken} connections had been taken"
            f" and {given} given back.",
            pitfall="session-left-open",
            evidence=project.events().story(),
        )
