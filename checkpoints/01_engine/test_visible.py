"""What a student's kit checks of the engine."""

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
