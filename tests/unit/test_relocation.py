"""Lay a reference where a submission keeps the same parts."""

import pytest

from grader.submission.layout import find_layout
from grader.submission.relocation import package_name, relocate, stands_for
from grader.submission.roles import Role
from grader.submission.tree import Tree

ROLES = (
    Role("app", "shop/main.py", ("call:FastAPI*5",)),
    Role("db", "shop/db.py", ("call:create_engine*5",)),
    Role("models", "shop/models.py", ("keyword:table=True*5",)),
    Role("migrations", "migrations/", ("setting:script_location", "file:env.py*5")),
    Role("alembic_ini", "alembic.ini"),
)
MAIN = "from fastapi import FastAPI\nfrom {db} import engine\napp = FastAPI()\n"
DB = "from sqlmodel import create_engine\nengine = create_engine('x')\n"
MODELS = "from .db import engine\nclass Item(SQLModel, table=True):\n    pass\n"
REFERENCE = {
    "alembic.ini": "[alembic]\nscript_location = %(here)s/migrations\n",
    "migrations/env.py": "from shop.models import Item\n",
    "shop/__init__.py": "",
    "shop/main.py": MAIN.format(db=".db"),
    "shop/db.py": DB,
    "shop/models.py": MODELS,
}


def tree(files: dict[str, str]) -> Tree:
    """Make a tree of texts."""
    return Tree({path: text.encode() for path, text in files.items()})


def laid(submission: dict[str, str]) -> Tree:
    """Lay the reference in the layout of a submission."""
    return relocate(tree(REFERENCE), ROLES, find_layout(tree(submission), ROLES))


def test_the_courses_own_shape_stays_as_it_is() -> None:
    """Nothing is moved, renamed or added."""
    assert laid(REFERENCE) == tree(REFERENCE)


def test_the_package_takes_the_submissions_name() -> None:
    """Files and imports follow the folder of the submission's app."""
    moved = laid({"app/main.py": MAIN.format(db="app.db"), "app/db.py": DB})

    assert "app/models.py" in moved.files
    assert moved.text("migrations/env.py") == "from app.models import Item\n"
    assert not [path for path in moved.files if path.startswith("shop")]


def test_another_file_name_gets_a_module_that_stands_in() -> None:
    """The submission's name leads to the reference's one module."""
    moved = laid({"shop/main.py": MAIN.format(db="shop.store"), "shop/store.py": DB})

    assert stands_for(moved.files["shop/store.py"]) == "shop.db"
    assert stands_for(moved.files["shop/db.py"]) is None


@pytest.mark.parametrize("inner", ["__init__", "tables"])
def test_a_package_in_the_place_of_a_module_holds_the_module(inner: str) -> None:
    """A folder `models/` would hide `models.py`, so its `__init__` is the module."""
    moved = laid(
        {
            "shop/main.py": MAIN.format(db="shop.db"),
            "shop/db.py": DB,
            f"shop/models/{inner}.py": MODELS.replace(".db", "..db"),
        }
    )

    assert "shop/models.py" not in moved.files
    assert moved.text("shop/models/__init__.py").startswith("from ..db import")
    if inner == "tables":
        assert stands_for(moved.files["shop/models/tables.py"]) == "shop.models"


def test_modules_loose_in_the_root_stand_for_a_package_of_ours() -> None:
    """Without a package of theirs, the reference keeps its own."""
    one_file = {"main.py": MAIN.format(db="x") + DB + MODELS}
    layout = find_layout(tree(one_file), ROLES)
    moved = relocate(tree(REFERENCE), ROLES, layout)

    assert package_name(ROLES, layout) == "shop"
    assert stands_for(moved.files["main.py"]) == "shop.main"
    assert moved.text("shop/db.py") == DB


def test_migrations_move_and_the_settings_follow() -> None:
    """The settings name the folder where the submission keeps its revisions."""
    moved = laid(
        {
            "app/main.py": MAIN.format(db="app.db"),
            "app/db.py": DB,
            "alembic.ini": "[alembic]\nscript_location = alembic\n",
            "alembic/env.py": "",
        }
    )

    assert "alembic/env.py" in moved.files
    assert "script_location = %(here)s/alembic\n" in moved.text("alembic.ini")


def test_a_submission_without_the_app_is_laid_at_its_root() -> None:
    """Where nothing was found, nothing is renamed."""
    assert laid({"notes.txt": ""}) == tree(REFERENCE)
