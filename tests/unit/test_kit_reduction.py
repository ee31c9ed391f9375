"""A module is reduced to what is asked of it, and stays as it was written."""

import ast

import pytest

from grader.kit.reduction import mentioned, reduce_module

MODULE = '''"""Probes."""

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from elsewhere import insert_row

LIMIT = 5
# Only the hidden suite needs it.
SECRET = "opaque"


def shown(box: Any) -> Any:
    """Answer."""
    return _helper(box, LIMIT)


# A word about the hidden one.
def hidden(box: Any) -> Any:
    """Never tell."""
    return json.loads(SECRET)


def _helper(box: Any, limit: int) -> int:
    return limit


class Drill:
    """Go up and down."""

    steps: int = 2

    def __init__(self) -> None:
        self.seen = 0

    def up(self) -> int:
        """Go up."""
        return self._count()

    def down(self) -> int:
        """Go down."""
        return hidden(self)

    def _count(self) -> int:
        return self.seen
'''


def names(source: str) -> set[str]:
    """List what a module defines, with its methods."""
    found = (ast.FunctionDef, ast.ClassDef)
    return {
        node.name for node in ast.walk(ast.parse(source)) if isinstance(node, found)
    }


def test_a_function_brings_what_it_uses() -> None:
    """And nothing else: the rest goes with its comments, constants and imports."""
    reduced = reduce_module(MODULE, ["shown"])

    assert names(reduced) == {"shown", "_helper"}
    assert reduced == (
        '"""Probes."""\n\nfrom typing import Any\n\nLIMIT = 5\n\n\n'
        'def shown(box: Any) -> Any:\n    """Answer."""\n'
        "    return _helper(box, LIMIT)\n\n\n"
        "def _helper(box: Any, limit: int) -> int:\n    return limit\n"
    )


def test_a_class_keeps_the_methods_that_are_named() -> None:
    """Its own ways of working, and what its head says."""
    reduced = reduce_module(MODULE, ["Drill", "up"])

    assert names(reduced) == {"Drill", "__init__", "up", "_count"}
    assert "steps: int = 2" in reduced
    assert "SECRET" not in reduced


def test_all_is_kept_where_all_is_asked_for() -> None:
    """Not a byte changes."""
    wanted = ["shown", "hidden", "Drill", "up", "down", "insert_row"]
    used = MODULE.replace("limit\n\n\nclass", "insert_row(limit)\n\n\nclass")

    assert reduce_module(used, wanted) == used


@pytest.mark.parametrize(
    "source",
    [
        'project.ask("shown")',
        "def test_x(shown): pass",
        "probes.shown()",
        "from probes import shown",
        'def test_x(run: "list[shown]"): pass',
    ],
)
def test_every_way_of_asking_counts(source: str) -> None:
    """By name, as a fixture, as an attribute, by import, in an annotation."""
    assert "shown" in mentioned(source)


def test_a_sentence_asks_for_nothing() -> None:
    """Words of a docstring are no names."""
    assert "shown" not in mentioned('"""What is shown here."""')


def test_what_pytest_calls_by_itself_stays() -> None:
    """Hooks, and fixtures for all tests."""
    source = (
        "import pytest\n\n\n"
        "@pytest.fixture(autouse=True)\ndef clean():\n    yield\n\n\n"
        "def pytest_configure(config):\n    pass\n\n\n"
        "@pytest.fixture\ndef unused():\n    pass\n"
    )

    assert names(reduce_module(source, [])) == {"clean", "pytest_configure"}


def test_a_long_import_is_cut_to_what_is_used() -> None:
    """It keeps the shape that the formatter gives it."""
    wanted = ", ".join(f"a_rather_long_name_{n}" for n in range(5))
    source = (
        "from elsewhere import (\n"
        + "".join(f"    a_rather_long_name_{n},\n" for n in range(6))
        + f")\n\n\ndef use():\n    return {wanted}\n"
    )

    reduced = reduce_module(source, ["use"])

    assert reduced == source.replace("    a_rather_long_name_5,\n", "")
