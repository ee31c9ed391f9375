"""Give a reference the names that a submission's tests know."""

from grader.submission.adaptation import Adaptation, Aliases, Asked, asked_names
from grader.submission.tree import Tree

ALIASES = Aliases({"get_db": "db:get_session", "Item": "models:Item"}, {})
REFERENCE = Tree(
    {
        "app/__init__.py": b"",
        "app/db.py": b"def get_session(): ...\n",
        "app/main.py": b"from .db import get_session\napp = 1\n",
        "app/models.py": b"class Item: ...\n",
    }
)


def supplied(*asked: tuple[str, str]) -> Tree:
    """Give the reference names."""
    adaptation = Adaptation(REFERENCE, "app", "", ALIASES)
    return adaptation.supply(Asked(module, name) for module, name in asked)


def test_names_are_found_in_imports_attributes_and_patches() -> None:
    """Whatever a test module needs of another one is asked for."""
    source = (
        b"from app import db\nimport app.main as web\nfrom ..models import Item\n"
        b"db.engine\nweb.get_repo\npatch('app.db.SessionLocal')\n"
    )

    asked = asked_names(Tree({"app/tests/a/t.py": source}), ["app/tests/a/t.py"], "")

    assert {
        Asked("app.db", "engine"),
        Asked("app.main", "get_repo"),
        Asked("app.tests.models", "Item"),
        Asked("app.db", "SessionLocal"),
    } <= asked


def test_a_source_that_does_not_parse_asks_for_nothing() -> None:
    """The tests' own error shows when they are run."""
    assert asked_names(Tree({"t.py": b"def ("}), ["t.py"], "") == set()


def test_a_name_that_is_there_is_left_alone() -> None:
    """Nothing is added to a module that binds the name."""
    assert supplied(("app.db", "get_session"), ("app", "models")) == REFERENCE


def test_another_name_of_a_known_thing_is_added() -> None:
    """The other name is the same object."""
    content = supplied(("app.main", "get_db")).files["app/main.py"]

    assert b"from app.db import get_session as get_db" in content


def test_a_module_that_is_missing_is_made_of_known_names() -> None:
    """A module is written only where all that is asked of it has a meaning."""
    files = supplied(
        ("app.schemas", "Item"), ("app.extra", "Item"), ("app.extra", "what")
    ).files

    assert b"from app.models import Item as Item" in files["app/schemas.py"]
    assert "app/extra.py" not in files


def test_an_attribute_of_an_object_makes_no_module() -> None:
    """`app.dependency_overrides` is asked of the app, not of a module."""
    assert supplied(("app.main.app", "Item")) == REFERENCE
