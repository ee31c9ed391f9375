"""Hold the rooms that import-linter cannot see to their promises."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
CHECKPOINTS = ROOT / "checkpoints"
INSIDE = ROOT / "grader" / "sandbox" / "inside"
VARIANTS = {"accepts", "rejects", "chaffs", "wheats", "base"}
PUBLIC = {"grader.checks", "grader.notebook_checks"}
GRADED = {"movie_service", "migrations", "labs", "solutions"}
# What a course installs, and a program in the sandbox may use where it is there.
INSTALLED = {"alembic", "pytest", "sqlalchemy", "uvicorn"}
JUPYTER = {"IPython", "ipykernel", "jupyter_client", "nbclient", "nbformat"}


def modules(pattern: str) -> list[Path]:
    """List the modules of the checkpoints, without the variants."""
    return [
        path
        for path in sorted(CHECKPOINTS.rglob(pattern))
        if not VARIANTS & set(path.relative_to(CHECKPOINTS).parts)
    ]


def imported(path: Path) -> Iterator[str]:
    """Name what a module imports when it runs; types alone do not count."""
    waiting: list[ast.AST] = [ast.parse(path.read_text("utf-8"))]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith(
            "TYPE_CHECKING"
        ):
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")
        waiting += ast.iter_child_nodes(node)


def name(path: Path) -> str:
    """Shorten a path for the list of tests."""
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize(
    "path", [*modules("test_*.py"), *modules("*/conftest.py")], ids=name
)
def test_a_suite_knows_only_the_public_check_api(path: Path) -> None:
    """What a suite needs is in two modules, and it never imports what it grades."""
    found = set(imported(path))
    ours = {name for name in found if name.partition(".")[0] == "grader"}

    assert ours <= PUBLIC
    assert not {name.partition(".")[0] for name in found} & GRADED


@pytest.mark.parametrize("path", modules("*probes*.py"), ids=name)
def test_a_probe_knows_nothing_of_the_grader(path: Path) -> None:
    """It runs in the sandbox, where nothing of ours is installed."""
    found = {name.partition(".")[0] for name in imported(path)}

    assert not found & {"grader", "checkpoints", "conftest", *GRADED}


@pytest.mark.parametrize("path", sorted(INSIDE.glob("*.py")), ids=name)
def test_the_stage_needs_the_standard_library_only(path: Path) -> None:
    """Any Python environment can be the submission's."""
    found = {name.partition(".")[0] for name in imported(path)} - {""}

    assert found <= sys.stdlib_module_names | INSTALLED | JUPYTER
