"""What else is checked of the engine."""

from grader.checks import (
    Draw,
    Json,
    Project,
    Symptom,
    UnreadableError,
    check,
    expect,
    expect_observed,
    fail,
    recognise,
)

CONFIGURED = "data/service.db"
NO_FOLDER = Symptom(
    "folder-not-created", "OperationalError", "unable to open database file"
)


def write(project: Project, draw: Draw, path: str | None = None) -> tuple[str, str]:
    """Store a drawn word in a drawn table through the submission's session."""
    table, word = draw.word().lower(), draw.word()
    seen = project.ask("write", table=table, word=word, path=path)
    pitfall = recognise(seen, (NO_FOLDER,))
    if path == "" and pitfall is None:
        pitfall = "no-default-url"
    told = "Without DATABASE_URL, storing a row" if path == "" else "Storing a row"
    expect_observed(seen, told, pitfall=pitfall)
    return table, word


def words(project: Project, path: str, table: str) -> list[Json]:
    """Read the words of a table from the file itself."""
    database = project.database(path)
    try:
        rows = database.rows(table) if database is not None else []
    except UnreadableError:
        rows = []
    return [row.get("word") for row in rows]


def made(project: Project, before: dict[str, tuple[int, int]]) -> list[str]:
    """List the database files that were made or changed."""
    now = project.files()
    return [path for path in project.databases() if now[path] != before.get(path)]


def holding(project: Project, row: tuple[str, str]) -> str | None:
    """Return the file that holds a row."""
    table, word = row
    found = (p for p in project.databases() if words(project, p, table) == [word])
    return next(found, None)


def expect_stored(project: Project, path: str, row: tuple[str, str]) -> None:
    """Fail unless the row is in the file at ``path``."""
    where = holding(project, row)
    evidence = [f"the row is in: {where}", *project.events().story()]
    expect(
        where is not None, "A row was committed, and is in no file.", evidence=evidence
    )
    expect(
        where == path,
        "DATABASE_URL named another file than the one that was written.",
        pitfall="hard-coded-url",
        evidence=evidence,
    )


@check(points=0.5, core=True, after="session_opens")
def test_a_file_is_written(project: Project, draw: Draw) -> None:
    """What a session commits is written to a database file."""
    row = write(project, draw)
    expect(
        holding(project, row),
        "A row was committed, and no file holds it.",
        pitfall=None if project.databases() else "database-in-memory",
        evidence=[*project.databases(), *project.events().story()],
    )


@check(points=1, core=True, after=test_a_file_is_written)
def test_file_is_where_configured(project: Project, draw: Draw) -> None:
    """The database file is the one that DATABASE_URL names."""
    path = f"data/{draw.word().lower()}.db"
    expect_stored(project, path, write(project, draw, path))


@check(points=0.5, after=test_file_is_where_configured)
def test_default_file(project: Project, draw: Draw) -> None:
    """Without DATABASE_URL, the file is movies.db."""
    where = holding(project, write(project, draw, "")) or "no file"
    expect(
        where.rpartition("/")[2] == "movies.db",
        "Without DATABASE_URL, the row was not written to movies.db.",
        hint="The url to fall back on is sqlite:///./movies.db.",
        evidence=[f"the row is in: {where}", *project.events().story()],
    )


@check(points=1, after=test_file_is_where_configured)
def test_folder_is_created(project: Project, draw: Draw) -> None:
    """The folder of the database file is created if it does not exist."""
    path = f"data/{'/'.join(map(str.lower, draw.distinct(2)))}/service.db"
    expect_stored(project, path, write(project, draw, path))


@check(points=0.5, after=test_file_is_where_configured)
def test_one_source_of_the_url(project: Project, draw: Draw) -> None:
    """Whatever sets the database up uses the configured file, too."""
    before = project.files()
    write(project, draw)
    called = expect_observed(project.ask("set_up"), "Setting the database up")
    others = [path for path in made(project, before) if path != CONFIGURED]
    expect(
        not others,
        f"Calling {called} wrote another file than the one configured.",
        pitfall="hard-coded-url",
        evidence=[*others, *project.events().story()],
    )


@check(points=1, core=True, after=test_a_file_is_written)
def test_data_survives_a_restart(project: Project, draw: Draw) -> None:
    """What one process committed is there for the next one."""
    row = write(project, draw)
    expect(holding(project, row), "A row was committed, but is in no file.")
    seen = project.ask("read", table=row[0])
    story = project.events().story()
    expect(
        holding(project, row),
        "A second process was started, and the row was gone from the file.",
        pitfall="wiped-at-start",
        evidence=story,
    )
    expect(
        expect_observed(seen, "Reading in a second process") == [row[1]],
        "A second process did not see the row that the first had committed.",
        evidence=story,
    )


@check(points=0.5, after=test_data_survives_a_restart)
def test_two_processes_at_once(project: Project, draw: Draw) -> None:
    """Two processes that run at once see each other's rows."""
    first, second = draw.distinct(2)
    table = draw.word().lower()
    seen = project.ask("meet", table=table, first=first, second=second)
    locked = Symptom("locks-everyone-out", "OperationalError", "locked")
    value = expect_observed(seen, "Sharing it", pitfall=recognise(seen, (locked,)))
    told = value if isinstance(value, dict) else {}
    error = str(told.get("error") or "")
    story = [error, *project.events().story()]
    if "locked" in error:
        fail(
            "While one process had a session open, the other was locked out.",
            pitfall="locks-everyone-out",
            evidence=story,
        )
    expect(
        told.get("there") == [first] and told.get("here") == [first, second],
        "Two processes did not see each other's rows.",
        evidence=[*map(str, told.items()), *story],
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
