"""What a student's kit checks of the engine."""

from typing import TYPE_CHECKING

from grader.checks import (
    Project,
    Sandbox,
    Symptom,
    check,
    expect,
    expect_installed,
    expect_observed,
    fail,
    recognise,
)

if TYPE_CHECKING:
    from conftest import Storage

SYMPTOMS = (
    Symptom("folder-not-created", "OperationalError", "unable to open database file"),
)


@check(points=1, core=True)
def test_session_opens(project: Project, sandbox: Sandbox) -> None:
    """A session opens and answers a query."""
    if not project.has("db"):
        fail(
            "No module was found that makes an engine or gives a session.",
            hint="Give db.py a get_session() that yields a Session on your engine.",
        )
    imported = project.ask("import_module")
    expect_installed(sandbox, imported, "missing-package")
    expect_observed(imported, "Importing it", pitfall="does-not-import")
    seen = project.ask("answer_a_query")
    expect_installed(sandbox, seen, "missing-package")
    value = expect_observed(
        seen, "Opening a session", pitfall=recognise(seen, SYMPTOMS)
    )
    expect(value == 42, "A session opened, but did not answer a query.")


@check(points=1, after=test_session_opens)
def test_nothing_at_import(project: Project) -> None:
    """Importing the database module opens and creates no database."""
    before = project.files()
    expect_observed(project.ask("import_module"), "Importing it")
    made = [p for p in project.databases() if project.files()[p] != before.get(p)]
    expect(
        not made,
        "Importing the module was enough to make a database file.",
        pitfall="work-at-import",
        evidence=[*made, *project.events().story()],
    )


@check(points=0.5, core=True, after=test_session_opens)
def test_a_file_is_written(storage: "Storage") -> None:
    """What a session commits is written to a database file."""
    row = storage.write()
    expect(
        storage.holding(row),
        "A row was committed, and no file holds it.",
        pitfall=None if storage.project.databases() else "database-in-memory",
        evidence=[*storage.project.databases(), *storage.project.events().story()],
    )


@check(points=1, core=True, after=test_a_file_is_written)
def test_file_is_where_configured(storage: "Storage") -> None:
    """The database file is the one that DATABASE_URL names."""
    path = f"data/{storage.draw.word().lower()}.db"
    storage.expect_stored(path, storage.write(path))


@check(points=1, core=True, after=test_a_file_is_written)
def test_data_survives_a_restart(storage: "Storage") -> None:
    """What one process committed is there for the next one."""
    row = storage.write()
    expect(storage.holding(row), "A row was committed, but is in no file.")
    seen = storage.project.ask("read", table=row[0])
    story = storage.project.events().story()
    expect(
        storage.holding(row),
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
def test_two_processes_at_once(storage: "Storage") -> None:
    """Two processes that run at once see each other's rows."""
    first, second = storage.draw.distinct(2)
    table = storage.draw.word().lower()
    seen = storage.project.ask("meet", table=table, first=first, second=second)
    locked = Symptom("locks-everyone-out", "OperationalError", "locked")
    value = expect_observed(seen, "Sharing it", pitfall=recognise(seen, (locked,)))
    told = value if isinstance(value, dict) else {}
    error = str(told.get("error") or "")
    story = [error, *storage.project.events().story()]
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
