"""What else is checked of the migrations, above all by what survives them."""

from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.asking.database import UnreadableError
from grader.checks import (
    Database,
    Draw,
    Json,
    Project,
    Sandbox,
    Symptom,
    check,
    expect,
    expect_observed,
    fail,
    recognise,
)

if TYPE_CHECKING:
    from conftest import Run

Rows = dict[str, list[dict[str, Json]]]
TABLES = ("movie", "rating")
SUITE = Path(__file__).parent
MODELS = "data/models.db"
RUNS = "upgrade_runs"
BATCH = Symptom("no-batch-mode", "NotImplementedError", "No support for ALTER")
AFFINITIES = (
    ("INT", "integer"),
    ("CHAR", "text"),
    ("CLOB", "text"),
    ("TEXT", "text"),
    ("STRING", "text"),
    ("BLOB", "blob"),
    ("REAL", "real"),
    ("FLOA", "real"),
    ("DOUB", "real"),
)


def facts(database: Database | None) -> dict[str, Any]:
    """Describe each table, leaving out what may differ between right answers."""
    if database is None:
        fail("The database file is gone.")
    try:
        return {table: _table(database, table) for table in database.tables()}
    except UnreadableError as error:
        fail(f"The database file cannot be read: {error}.")


def _table(database: Database, table: str) -> dict[str, Any]:
    columns = database.columns(table).values()
    return {
        **{
            f"the column {column.name}": (
                _affinity(column.type),
                column.required,
                column.primary_key,
            )
            for column in columns
        },
        "what is unique": database.unique_sets(table),
        "what is indexed": database.indexed_sets(table),
        "the foreign keys": [
            (key.column, key.table, key.target, key.on_delete)
            for key in database.foreign_keys(table)
        ],
    }


def _affinity(kind: str) -> str:
    return next((name for part, name in AFFINITIES if part in kind), "numeric")


def differences(wanted: dict[str, Any], found: dict[str, Any]) -> list[str]:
    """Say what two descriptions do not agree on, without how."""
    told = []
    for table in sorted(wanted.keys() | found.keys()):
        if table not in wanted or table not in found:
            told.append(f"the table {table}")
            continue
        names = {**wanted[table], **found[table]}
        told += [
            f"{name} of {table}"
            for name in names
            if wanted[table].get(name) != found[table].get(name)
        ]
    return told


def rows(database: Database | None) -> Rows:
    """Read all rows of all tables."""
    if database is None:
        return {}
    try:
        return {table: database.rows(table) for table in database.tables()}
    except UnreadableError as error:
        fail(f"The database file cannot be read: {error}.")


def lost(before: Rows, after: Rows) -> list[str]:
    """Say what of the rows is not there any more; columns that went do not count."""
    told = []
    for table, entries in before.items():
        now = {str(row.get("id")): row for row in after.get(table, [])}
        for entry in entries:
            row = now.get(str(entry.get("id")))
            if row is None:
                told.append(f"a row of {table}")
            elif any(row[name] != entry[name] for name in entry if name in row):
                told.append(f"a value of {table}")
    return sorted(set(told))


def draw_rows(draw: Draw) -> Rows:
    """Draw movies and ratings of theirs."""
    first = draw.number(10, 500)
    movies = [
        {
            "id": first + number,
            "title": title,
            "year": draw.number(1900, 2100),
            "genre": draw.word(),
        }
        for number, title in enumerate(draw.distinct(3))
    ]
    ratings = [
        {"id": first + n, "movie_id": first + n % 2, "score": draw.number(1, 5)}
        for n in range(4)
    ]
    return {"movie": movies, "rating": ratings}


@check(points=2, after=RUNS)
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


@check(points=3, core=True, after=RUNS)
def test_no_drift(run: "Run", project: Project) -> None:
    """The migrated tables are those that the models describe."""
    expect_observed(
        project.ask("create_all", load=["models"], path=MODELS), "Creating the tables"
    )
    told = differences(facts(project.database(MODELS)), facts(run.at_head))
    expect(
        not told,
        f"Models and migrations do not agree on {', '.join(told[:6])}.",
        pitfall="models-and-migrations-differ",
        evidence=[str(facts(project.database(MODELS))), str(facts(run.at_head))],
    )


@check(points=2, after=[RUNS, test_no_drift])
def test_alembic_sees_the_models(run: "Run") -> None:
    """Alembic compares the database with your models, when asked to."""
    seen = run.checked
    text = seen.error.text if seen.error is not None else ""
    blind = "MetaData" in text or any(
        f"'remove_table', Table('{table}'" in text for table in TABLES
    )
    if blind:
        fail(
            "`alembic check` does not know the tables of your models.",
            pitfall="models-not-imported",
            evidence=[text],
        )
    if "New upgrade operations detected" not in text:
        expect_observed(seen, "`alembic check`")


@check(points=2, core=True, after=[RUNS, test_tables_come_from_revisions])
def test_downgrade_leaves_nothing(run: "Run") -> None:
    """`alembic downgrade base` takes away what the upgrades built."""
    seen = run.downgraded
    expect_observed(seen, "`alembic downgrade base`", pitfall=recognise(seen, (BATCH,)))
    left = ", ".join(facts(run.at_base))
    expect(
        not left,
        f"After `alembic downgrade base` there still is: {left}.",
        pitfall="downgrade-missing",
        evidence=run.project.events().story(),
    )


@check(points=1, after=test_downgrade_leaves_nothing)
def test_comes_back_the_same(run: "Run") -> None:
    """After a downgrade to nothing, an upgrade builds the same again."""
    seen = run.upgraded_again
    exists = Symptom("downgrade-missing", "OperationalError", "already exists")
    expect_observed(
        seen,
        "`alembic upgrade head`, after `downgrade base`,",
        pitfall=recognise(seen, (exists,)),
    )
    told = differences(facts(run.at_head), facts(run.at_head_again))
    expect(
        not told,
        f"Built for the second time, the database differs in {', '.join(told[:6])}.",
        evidence=run.project.events().story(),
    )


@check(points=1, core=True, after=RUNS)
def test_running_again_keeps_rows(run: "Run", project: Project, draw: Draw) -> None:
    """Upgrading a database that is at head already leaves its rows alone."""
    path = run.path
    expect_observed(project.alembic("upgrade", "head"), "`alembic upgrade head`")
    seen = project.ask("store", path=path, rows=draw_rows(draw))
    expect_observed(seen, "Storing rows in the migrated tables")
    before = rows(project.database(path))
    expect_observed(
        project.alembic("upgrade", "head"), "`alembic upgrade head`, run again,"
    )
    told = lost(before, rows(project.database(path)))
    expect(
        not told,
        f"Running `alembic upgrade head` again lost {', '.join(told)}.",
        pitfall="drop-and-recreate",
        evidence=project.events().story(),
    )


@check(points=1, core=True, after=[RUNS, test_running_again_keeps_rows])
def test_rows_survive_an_upgrade(run: "Run", project: Project, draw: Draw) -> None:
    """Rows that were stored at any revision survive the way to the next one."""
    value = expect_observed(project.ask("revisions"), "Reading your revisions")
    known = [str(one) for one in value] if isinstance(value, list) else []
    for older, newer in pairwise(known):
        before = _seeded(run, project, draw, older)
        seen = project.alembic("upgrade", newer)
        expect_observed(
            seen,
            "Upgrading a database that holds movies and ratings",
            pitfall=recognise(seen, (BATCH,)),
        )
        told = lost(before, rows(project.database(run.path)))
        expect(
            not told,
            f"Upgrading a database that holds movies and ratings lost"
            f" {', '.join(told)}.",
            pitfall="drop-and-recreate",
            evidence=project.events().story(),
        )
        project.reset()


def _seeded(run: "Run", project: Project, draw: Draw, revision: str) -> Rows:
    """Bring an empty database to a revision and store rows in what it has."""
    expect_observed(
        project.alembic("upgrade", revision), "`alembic upgrade`, one revision,"
    )
    present = rows(project.database(run.path))
    fitting = {t: entries for t, entries in draw_rows(draw).items() if t in present}
    project.ask("store", path=run.path, rows=fitting)
    project.events()
    return rows(project.database(run.path))


@check(points=1, after="upgrade_builds_the_schema")
def test_percent_in_the_url(sandbox: Sandbox, draw: Draw) -> None:
    """A url with a percent sign in it is migrated like any other."""
    path = f"data/50%{draw.word().lower()}.db"
    url = {"DATABASE_URL": f"sqlite:///{{root}}/{path}"}
    interpolation = Symptom("percent-in-url", "ValueError", "interpolation")
    reading = Symptom("percent-in-url", "InterpolationSyntaxError")
    with sandbox.open(suite=SUITE, environment=url) as project:
        seen = project.alembic("upgrade", "head")
        expect_observed(
            seen,
            "Upgrading a database with a percent sign in its url",
            pitfall=recognise(seen, (interpolation, reading)),
        )
        expect(
            "movie" in facts(project.database(path)),
            "The file whose url has a percent sign in it was not migrated.",
            evidence=project.databases(),
        )
