"""Layouts are found by what modules define, not by where they lie."""

import tomllib
from pathlib import Path

import pytest

from grader.errors import MisuseError
from grader.submission import (
    Layout,
    Role,
    Tree,
    find_layout,
    open_submission,
    require_service,
)

PROJECT = Path(__file__).parents[2]
ASSETS = PROJECT / "tests" / "assets" / "submissions"
COURSE = tomllib.loads((PROJECT / "checkpoints" / "course.toml").read_text("utf-8"))
ROLES = [
    Role(entry["name"], entry["path"], tuple(entry["signs"]))
    for entry in COURSE["roles"]
]

MAIN = b"from fastapi import FastAPI\nfrom .db import get_session\napp = FastAPI()\n"
DB = b"engine = create_engine('x')\ndef get_session(): ...\n"
MODELS = b"class Movie(SQLModel, table=True): ...\n"
REPOSITORY = b"from .models import Movie\nclass MovieRepository: ...\n"
TEST = b"def test_x(): ...\n"


def layout_of(**files: bytes) -> Layout:
    """Find a layout; `__` in a keyword is a slash and `_dot_` a dot."""
    return find_layout(
        Tree(
            {
                name.replace("__", "/").replace("_dot_", "."): content
                for name, content in files.items()
            }
        ),
        ROLES,
    )


def test_the_layout_of_this_repository() -> None:
    """Everything is at its own place, and the grader's tests are not the service's."""
    layout = layout_of(
        movie_service__main_dot_py=MAIN,
        movie_service__db_dot_py=DB,
        movie_service__models_dot_py=MODELS,
        movie_service__repository_dot_py=REPOSITORY,
        movie_service__dependencies_dot_py=b"def get_repository(): ...",
        movie_service__cli_dot_py=b"app = typer.Typer()",
        movie_service__tests__test_movies_dot_py=TEST,
        tests__unit__test_grader_dot_py=TEST,
        tests__conftest_dot_py=b"",
        migrations__env_dot_py=b"from alembic import context",
        migrations__versions__0001_dot_py=b"",
        alembic_dot_ini=b"[alembic]\nscript_location = %(here)s/migrations\n",
    )

    assert (layout.name, layout.root, layout.missing) == ("repository", "", ())
    assert dict(layout.paths) == {role.name: role.path for role in ROLES}
    assert layout.modules["repository"] == "movie_service.repository"
    assert layout.notes == ()


def test_the_layout_of_the_handout() -> None:
    """A root package app, its CLI in scripts, its tests beside."""
    layout = layout_of(
        app__main_dot_py=MAIN,
        app__db_dot_py=DB,
        app__models_dot_py=MODELS,
        app__repository_dot_py=REPOSITORY,
        app__dependencies_dot_py=b"def get_repository(): ...",
        scripts__db_dot_py=b"from app.db import init_db\napp = typer.Typer()",
        tests__test_movies_dot_py=TEST,
        migrations__env_dot_py=b"from alembic import context",
        alembic_dot_ini=b"[alembic]\nscript_location = migrations\n",
    )

    assert (layout.name, layout.root, layout.missing) == ("handout", "", ())
    assert layout.modules["db"] == "app.db"
    assert layout.paths["cli"] == "scripts/db.py"
    assert layout.paths["tests"] == "tests/"


def test_a_nested_layout() -> None:
    """What a course folder around app/ makes of it."""
    layout = layout_of(
        movie_service__app__main_dot_py=MAIN,
        movie_service__app__db_dot_py=DB,
        movie_service__app__models_dot_py=MODELS,
        movie_service__tests__test_a_dot_py=b"from app.main import app\n" + TEST,
        README_dot_md=b"",
    )

    assert (layout.name, layout.root) == ("nested", "movie_service")
    assert layout.modules["app"] == "app.main"
    assert layout.locate("tests") == "movie_service/tests/"


EXPECTED = {
    "budget_needs_environment": ("nested", "backend", "app.main", "app.db"),
    "chat_missing_package": ("other", "src", "chat.main", "chat.db.session"),
    "clinic_mysql": ("nested", "clinic_service", "app.main", "app.mydb"),
    "gym_hyphenated": ("nested", "gym-api", "app.main", "app.database"),
    "library_many_apps": ("other", "", "backend.main", "backend.db"),
    "movies_does_not_parse": ("nested", "movie_service", "app.main", "app.db"),
    "plants_crlf": ("handout", "", "app.main", "app.database"),
    "recipes_one_file": ("other", "", "main", "main"),
}


def asset_layout(name: str) -> Layout:
    """Open an asset and find its layout."""
    submission = open_submission(ASSETS / name)
    layout = find_layout(submission.tree, ROLES)
    require_service(layout, COURSE["submission"]["service"])
    return layout


def test_every_asset_is_expected() -> None:
    """No asset is forgotten here."""
    assert set(EXPECTED) == {path.name for path in ASSETS.iterdir() if path.is_dir()}


@pytest.mark.parametrize("name", EXPECTED)
def test_an_odd_submission_is_understood(name: str) -> None:
    """Its service, its root and its engine are found."""
    layout = asset_layout(name)

    found = (layout.name, layout.root, layout.modules["app"], layout.modules["db"])
    assert found == EXPECTED[name]


@pytest.mark.parametrize(
    ("name", "role", "path"),
    [
        ("budget_needs_environment", "tests", "tests/"),
        ("budget_needs_environment", "cli", "backend/scripts/db.py"),
        ("chat_missing_package", "models", "src/chat/db/tables.py"),
        ("clinic_mysql", "models", "clinic_service/app/schemas.py"),
        ("clinic_mysql", "tests", "clinic_service/app/tests/"),
        ("gym_hyphenated", "repository", "gym-api/app/crud.py"),
        ("library_many_apps", "models", "backend/db.py"),
        ("library_many_apps", "repository", "backend/repository_sqlite.py"),
        ("movies_does_not_parse", "models", "movie_service/app/models.py"),
        ("plants_crlf", "models", "app/models/__init__.py"),
        ("plants_crlf", "migrations", "alembic/"),
        ("plants_crlf", "repository", "app/routers/plants.py"),
        ("recipes_one_file", "models", "main.py"),
        ("recipes_one_file", "tests", "./"),
    ],
)
def test_a_role_is_found_where_the_student_keeps_it(
    name: str, role: str, path: str
) -> None:
    """By what the module does, whatever its name."""
    assert asset_layout(name).locate(role) == path


def test_every_path_of_a_layout_leads_to_something() -> None:
    """Also from a root inside the tree."""
    for name in EXPECTED:
        layout = asset_layout(name)
        for role in layout.paths:
            located = layout.locate(role)
            assert located is not None
            assert (ASSETS / name / located).exists()


def test_what_was_not_taken_is_said() -> None:
    """Other apps and modules that do not parse are noted."""
    assert asset_layout("library_many_apps").notes == (
        "backend/main.py was taken as the app, not ai/main.py, main_ex1.py.",
    )
    assert "expected ':'" in asset_layout("movies_does_not_parse").notes[-1]


def test_a_relative_import_keeps_the_root_above_its_package() -> None:
    """A package without __init__.py is still a package."""
    layout = layout_of(app__main_dot_py=MAIN, app__db_dot_py=DB)

    assert (layout.root, layout.modules["app"]) == ("", "app.main")


def test_plain_imports_put_the_root_beside_the_modules() -> None:
    """`import db` works only from its own folder."""
    main = b"import fastapi\nfrom db import engine\napp = fastapi.FastAPI()"

    layout = layout_of(src__main_dot_py=main, src__db_dot_py=DB, README_dot_md=b"")

    assert (layout.root, layout.modules["db"]) == ("src", "db")


def test_alembics_own_name_is_not_taken_for_a_package() -> None:
    """A folder alembic/ does not make `from alembic import …` one's own module."""
    layout = layout_of(
        backend__app__main_dot_py=b"from app.db import x\n" + MAIN,
        backend__app__db_dot_py=DB,
        alembic__env_dot_py=b"from alembic import context",
        backend__app__x_dot_py=b"import alembic",
    )

    assert layout.root == "backend"


def test_a_submission_without_a_service_is_misuse() -> None:
    """A tool with a CLI is no service, though it is Python."""
    layout = layout_of(tool_dot_py=b"app = typer.Typer()", notes_dot_py=b"x = 1")

    with pytest.raises(MisuseError, match="no service inside"):
        require_service(layout, COURSE["submission"]["service"])
    with pytest.raises(MisuseError, match="no service inside"):
        require_service(layout_of(a_dot_py=b"x = 1"))


def test_models_alone_are_a_service_in_the_making() -> None:
    """A missing app is only missing."""
    layout = layout_of(shop__tables_dot_py=MODELS)

    require_service(layout, COURSE["submission"]["service"])
    assert "app" in layout.missing
    assert layout.paths["models"].endswith("tables.py")


def test_a_starter_that_defines_nothing_yet_is_found_by_its_place() -> None:
    """A file with a TODO is the student's engine module all the same."""
    layout = layout_of(
        movie_service__main_dot_py=b"from fastapi import FastAPI\napp = FastAPI()",
        movie_service__db_dot_py=b"# TODO\n",
    )

    assert layout.modules["db"] == "movie_service.db"


def test_one_file_of_a_step_is_found_by_its_place_alone() -> None:
    """What a student hands in of one step can be laid over the reference."""
    layout = layout_of(movie_service__db_dot_py=b"# TODO\n")

    assert (layout.name, layout.root) == ("repository", "")
    assert dict(layout.modules) == {"db": "movie_service.db"}


def test_the_course_in_a_folder_of_its_own_is_still_the_course() -> None:
    """Only the root differs."""
    layout = layout_of(work__movie_service__main_dot_py=MAIN, README_dot_md=b"")

    assert (layout.name, layout.root) == ("repository", "work")


def test_the_same_tree_gives_the_same_layout() -> None:
    """Equal candidates are ordered by their paths."""
    files = {f"{name}/main.py": b"app = FastAPI()" for name in "cab"}

    first = find_layout(Tree(files), ROLES)
    second = find_layout(Tree(dict(reversed(files.items()))), ROLES)

    assert first == second
    assert first.locate("app") == "a/main.py"
