"""What a student's kit checks of the models."""

from grader.checks import (
    Database,
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

FILE = "data/models.db"
TABLES = {"movie", "rating"}
WRONG_KEY = "wrong-foreign-key"
SYMPTOMS = (
    Symptom(
        "future-annotations-with-relationship",
        "InvalidRequestError",
        "generic class as the argument",
    ),
    Symptom(
        "future-annotations-with-relationship",
        "InvalidRequestError",
        " | None' failed to locate a name",
    ),
    Symptom("one-way-relationship", "InvalidRequestError", "has no property"),
    Symptom(WRONG_KEY, "NoReferencedTableError"),
    Symptom(WRONG_KEY, "NoReferencedColumnError"),
    Symptom(WRONG_KEY, "NoForeignKeysError"),
    Symptom(WRONG_KEY, "InvalidRequestError", "could not find table"),
)


@check(points=3, core=True, after="engine.session_opens")
def test_tables_are_mapped(project: Project, sandbox: Sandbox) -> None:
    """The models import, become the tables movie and rating, and can be queried."""
    if not project.has("models"):
        fail("No module was found that describes tables.")
    imported = project.ask("import_models")
    expect_installed(sandbox, imported, "missing-package")
    expect_observed(
        imported,
        "Importing the models",
        pitfall=recognise(imported, SYMPTOMS) or "models-do-not-import",
    )
    seen = project.ask("map_tables", load=["models"], path=FILE)
    found = expect_observed(
        seen, "Creating and querying the tables", pitfall=recognise(seen, SYMPTOMS)
    )
    tables = {str(name) for name in found} if isinstance(found, list) else set()
    shown = ", ".join(sorted(tables)) or "none"
    expect(
        tables,
        "Your models describe no table at all.",
        pitfall="table-true-forgotten",
    )
    missing = " and ".join(sorted(TABLES - tables))
    expect(
        not missing,
        f"There is no table {missing}; the tables of your models are: {shown}.",
        pitfall="wrong-table-name" if len(tables) >= len(TABLES) else None,
        hint="Both Movie and Rating need table=True, and their tables those names.",
    )


@check(points=2, core=True, after=test_tables_are_mapped)
def test_title_is_unique(created: Database) -> None:
    """The database itself refuses a second movie of the same title."""
    unique = created.unique_sets("movie")
    # SQLite gives no name for the column of an index on an expression.
    expect(
        {frozenset({"title"}), frozenset({"None"})} & unique,
        "Nothing in the table movie keeps the title unique.",
        pitfall="title-not-unique",
    )


@check(points=2, core=True, after=test_tables_are_mapped)
def test_rating_points_at_a_movie(created: Database) -> None:
    """A rating's movie_id is a foreign key to a movie's id."""
    keys = created.foreign_keys("rating")
    shown = [f"{key.column} -> {key.table}.{key.target}" for key in keys]
    expect(
        any(
            (key.column, key.table, key.target) == ("movie_id", "movie", "id")
            for key in keys
        ),
        f"The foreign keys of rating are: {', '.join(shown) or 'none'}.",
        pitfall=WRONG_KEY,
    )
