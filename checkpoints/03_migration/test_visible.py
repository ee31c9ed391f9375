"""What a student's kit checks of the migrations."""

import ast
from typing import TYPE_CHECKING, Any

from grader.checks import (
    Database,
    Draw,
    Facts,
    Project,
    Sandbox,
    Symptom,
    UnreadableError,
    check,
    describe,
    differences,
    expect,
    expect_installed,
    expect_observed,
    fail,
    recognise,
)

if TYPE_CHECKING:
    from conftest import Run

TABLES = {"movie", "rating"}
MODELS = "data/models.db"
CONFIGURED = "data/service.db"
NOT_NULL = "not-null-without-default"
OWN_URL = "alembic-has-its-own-url"
BLIND = "does not provide a MetaData"
AGREED = {
    "movie": {
        "the column id": ("integer", True, True),
        "the column title": ("text", True, False),
        "the column year": ("integer", True, False),
        "the column genre": ("text", True, False),
    },
    "rating": {
        "the column id": ("integer", True, True),
        "the column movie_id": ("integer", True, False),
        "the column score": ("integer", True, False),
    },
}
SYMPTOMS = (
    Symptom("autostring-without-import", "NameError", "'sqlmodel'"),
    Symptom("two-heads", "MultipleHeads"),
    Symptom("two-heads", "CommandError", "Multiple head revisions"),
    Symptom("no-batch-mode", "NotImplementedError", "No support for ALTER"),
    Symptom("no-batch-mode", "OperationalError", 'near "ALTER": syntax error'),
    Symptom("no-batch-mode", "OperationalError", 'near "CONSTRAINT": syntax error'),
    Symptom(NOT_NULL, "OperationalError", "Cannot add a NOT NULL column"),
    Symptom(OWN_URL, "NoSuchModuleError", "sqlalchemy.dialects:driver"),
    # What the service is configured with can be opened: an earlier step says so.
    Symptom(OWN_URL, "OperationalError", "unable to open database file"),
)


@check(
    points=3,
    core=True,
    after=[
        "engine.nothing_at_import",
        "engine.two_processes_at_once",
        "models.tables_are_mapped",
        "models.rating_points_at_a_movie",
    ],
)
def test_upgrade_runs(
    run: "Run", sandbox: Sandbox, project: Project, draw: Draw
) -> None:
    """`alembic upgrade head` runs on an empty database and builds the tables."""
    if not (project.has("migrations") and project.has("alembic_ini")):
        fail(
            "There is no Alembic environment: an alembic.ini and a folder with env.py.",
            pitfall="no-migrations",
        )
    seen = run.upgraded
    expect_installed(sandbox, seen, "missing-package")
    pitfall = recognise(seen, SYMPTOMS)
    if pitfall is None and not seen.succeeded:
        pitfall = _finds_tables(project, draw)
    expect_observed(seen, "`alembic upgrade head`", pitfall=pitfall)
    story = run.project.events().story()
    tables = _tables(run.at_head)
    revision = run.at_head.revision() if run.at_head is not None else None
    missing = " and ".join(sorted(TABLES - tables))
    if missing:
        fail(
            f"`alembic upgrade head` ran, and there is no table {missing}.",
            pitfall=_absence(run, sandbox, tables, revision),
            evidence=[f"alembic_version: {revision}", *story],
        )
    expect(
        revision is not None,
        "The tables were built, but the database does not say at which revision it is.",
        hint="Run the migrations inside `with context.begin_transaction():`.",
        evidence=story,
    )


def _tables(database: Database | None) -> set[str]:
    try:
        return set(database.tables()) if database is not None else set()
    except UnreadableError as error:
        fail(f"The database file cannot be read: {error}.")


def _finds_tables(project: Project, draw: Draw) -> str | None:
    """Name the pitfall of an upgrade for which somebody else made tables before."""
    table = draw.word().lower()
    project.ask("upgrade_and_watch", table=table)
    for path in project.databases():
        if table in _tables(project.database(path)):
            return "create-all-is-my-migration"
    return None


def _absence(
    run: "Run", sandbox: Sandbox, tables: set[str], revision: str | None
) -> str | None:
    """Name the reason why tables are missing after an upgrade that ran."""
    bodies = list(_upgrades(sandbox))
    if any(bodies) and not tables:
        return "stamped-not-migrated" if revision is not None else None
    sees_no_models = run.checked.succeeded or (
        run.checked.error is not None and BLIND in run.checked.error.text
    )
    if sees_no_models:
        return "models-not-imported"
    return "models-and-migrations-differ" if any(bodies) else "an-empty-revision"


def _upgrades(sandbox: Sandbox) -> list[bool]:
    """Say of each revision, by its text, whether its upgrade does anything."""
    folder = sandbox.layout.locate("migrations")
    if folder is None:
        return []
    found = []
    for path in sandbox.tree.paths(".py"):
        if not path.startswith(folder) or path.endswith("/env.py"):
            continue
        try:
            parsed = ast.parse(sandbox.tree.text(path))
        except (SyntaxError, ValueError, RecursionError):
            continue
        found += [
            not all(map(_is_idle, node.body))
            for node in parsed.body
            if isinstance(node, ast.FunctionDef) and node.name == "upgrade"
        ]
    return found


def _is_idle(statement: ast.stmt) -> bool:
    is_constant = isinstance(statement, ast.Expr) and isinstance(
        statement.value, ast.Constant
    )
    return is_constant or isinstance(statement, ast.Pass | ast.Return)


@check(
    points=2,
    core=True,
    after=[test_upgrade_runs, "engine.file_is_where_configured"],
)
def test_migrates_the_configured_file(run: "Run") -> None:
    """The migrated database is the one that the service is configured with."""
    tables = _tables(run.project.database(CONFIGURED))
    expect(
        tables >= TABLES,
        "DATABASE_URL named one file, and Alembic built its tables in another.",
        pitfall=OWN_URL,
        evidence=[run.path],
    )


@check(points=1, after=test_upgrade_runs)
def test_tables_come_from_revisions(project: Project, draw: Draw) -> None:
    """The revisions themselves build the tables, and nothing else does."""
    table = draw.word().lower()
    project.ask("upgrade_and_watch", table=table)
    for path in project.databases():
        database = project.database(path)
        expect(
            database is None or table not in facts(database),
            "A table was built that is in no revision: create_all was called.",
            pitfall="create-all-is-my-migration",
            evidence=[path, *project.events().story()],
        )


@check(
    points=2,
    core=True,
    after=[test_migrates_the_configured_file, test_tables_come_from_revisions],
)
def test_upgrade_builds_the_schema(run: "Run", project: Project) -> None:
    """The migrated tables are those that the models describe."""
    expect_observed(
        project.ask("create_all", load=["models"], path=MODELS), "Creating the tables"
    )
    wanted, found = facts(project.database(MODELS)), facts(run.at_head)
    told = [
        f"{fact} of {table}"
        for table, fact in differences(wanted, found)
        # What is wrong in the models alone has cost its points there.
        if fact == "the table" or is_right(table, fact, wanted[table].get(fact))
    ]
    expect(
        not told,
        f"Models and migrations do not agree on {', '.join(told[:6])}.",
        pitfall="models-and-migrations-differ",
        evidence=[f"models: {wanted}", f"migrated: {found}"],
    )


def facts(database: Database | None) -> Facts:
    """Describe the tables of a database that has to be there."""
    if database is None:
        fail("The database file is gone.")
    try:
        return describe(database)
    except UnreadableError as error:
        fail(f"The database file cannot be read: {error}.")


def is_right(table: str, fact: str, value: Any) -> bool:
    """Say whether a fact is as the lab has it, so that who differs is wrong."""
    if fact in AGREED.get(table, {}):
        return bool(AGREED[table][fact] == value)
    wanted = {
        ("movie", "what is unique"): [["title"]],
        ("movie", "what is indexed"): [["title"], ["genre"]],
    }.get((table, fact), [])
    if (table, fact) == ("rating", "the foreign keys"):
        return any(key[:3] == ("movie_id", "movie", "id") for key in value or ())
    return all(one in (value or ()) for one in wanted)
