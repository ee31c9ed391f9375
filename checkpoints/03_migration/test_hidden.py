"""What else is checked of the migrations, above all by what survives them."""

from itertools import pairwise
from typing import TYPE_CHECKING

from grader.checks import (
    Database,
    Draw,
    Facts,
    Project,
    Rows,
    Symptom,
    UnreadableError,
    check,
    describe,
    differences,
    expect,
    expect_observed,
    fail,
    lost,
    read_rows,
    recognise,
)

if TYPE_CHECKING:
    from conftest import Run

TABLES = ("movie", "rating")
BLIND = "does not provide a MetaData"
RUNS = "upgrade_runs"
LOADED = ("models",)  # as in conftest: `alembic` alone was tried before
NOT_NULL = "not-null-without-default"
BATCH = Symptom("no-batch-mode", "NotImplementedError", "No support for ALTER")
GOING_DOWN = (BATCH, Symptom("downgrade-missing", "NotImplementedError"))
GOING_UP = (
    BATCH,
    Symptom(NOT_NULL, "OperationalError", "Cannot add a NOT NULL column"),
    Symptom(NOT_NULL, "IntegrityError", "NOT NULL constraint failed"),
    Symptom("batch-drops-children", "IntegrityError", "FOREIGN KEY constraint failed"),
)


def facts(database: Database | None) -> Facts:
    """Describe the tables of a database that has to be there."""
    if database is None:
        fail("The database file is gone.")
    try:
        return describe(database)
    except UnreadableError as error:
        fail(f"The database file cannot be read: {error}.")


def rows(database: Database | None) -> Rows:
    """Read all rows of all tables; none if there is no file."""
    try:
        return {} if database is None else read_rows(database)
    except UnreadableError as error:
        fail(f"The database file cannot be read: {error}.")


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


@check(points=1, core=True, after=RUNS)
def test_running_again_keeps_rows(run: "Run", project: Project, draw: Draw) -> None:
    """Upgrading a database that is at head already leaves its rows alone."""
    path = run.path
    seen = project.alembic("upgrade", "head", load=LOADED)
    expect_observed(seen, "`alembic upgrade head`")
    seen = project.ask("store", path=path, rows=draw_rows(draw))
    expect_observed(seen, "Storing rows in the migrated tables")
    before = rows(project.database(path))
    seen = project.alembic("upgrade", "head", load=LOADED)
    expect_observed(seen, "`alembic upgrade head`, run again,")
    told = lost(before, rows(project.database(path)))
    expect(
        not told,
        f"Running `alembic upgrade head` again lost {', '.join(told)}.",
        pitfall="drop-and-recreate",
        evidence=project.events().story(),
    )


@check(points=3, after=["upgrade_builds_the_schema", test_running_again_keeps_rows])
def test_no_drift(run: "Run") -> None:
    """Alembic compares the database with your models, when asked to."""
    seen = run.checked
    text = seen.error.text if seen.error is not None else ""
    blind = BLIND in text or any(
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


@check(points=3, core=True, after="tables_come_from_revisions")
def test_downgrade_leaves_nothing(run: "Run") -> None:
    """`alembic downgrade base` takes away what the upgrades built."""
    seen = run.downgraded
    expect_observed(
        seen, "`alembic downgrade base`", pitfall=recognise(seen, GOING_DOWN)
    )
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
        "Built for the second time, the database is another one.",
        evidence=[*map(str, told), *run.project.events().story()],
    )


@check(points=3, core=True, after=[RUNS, test_running_again_keeps_rows])
def test_rows_survive_an_upgrade(run: "Run", project: Project, draw: Draw) -> None:
    """Rows that were stored at any revision survive the way to the next one."""
    value = expect_observed(project.ask("revisions"), "Reading your revisions")
    known = [str(one) for one in value] if isinstance(value, list) else []
    for older, newer in pairwise(known):
        before = _seeded(run, project, draw, older)
        seen = project.alembic("upgrade", newer, load=LOADED)
        expect_observed(
            seen,
            "Upgrading a database that holds movies and ratings",
            pitfall=recognise(seen, GOING_UP),
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
    seen = project.alembic("upgrade", revision, load=LOADED)
    expect_observed(seen, "`alembic upgrade`, one revision,")
    present = rows(project.database(run.path))
    fitting = {t: entries for t, entries in draw_rows(draw).items() if t in present}
    project.ask("store", path=run.path, rows=fitting)
    project.events()
    return rows(project.database(run.path))


@check(points=1, after="upgrade_builds_the_schema")
def test_percent_in_the_url(project: Project, draw: Draw) -> None:
    """A url with a percent sign in it is migrated like any other."""
    path = f"data/50%z{draw.word().lower()}.db"  # no escape that a url could hold
    interpolation = Symptom("percent-in-url", "ValueError", "interpolation")
    reading = Symptom("percent-in-url", "InterpolationSyntaxError")
    seen = project.ask("upgrade_elsewhere", path=path)
    expect_observed(
        seen,
        "Upgrading a database with a percent sign in its url",
        pitfall=recognise(seen, (interpolation, reading)),
    )
    expect(
        "movie" in rows(project.database(path)),
        "The file whose url has a percent sign in it was not migrated.",
        evidence=project.databases(),
    )
