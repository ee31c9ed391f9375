"""The handout, typed as it stands, is graded to the end and each mistake is named.

One mistake hides others: nothing runs behind models that cannot be mapped. So the
handout is graded as it is, and again with its first mistakes repaired one by one.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from grader.report import Outcome, Report
from grader.submission.tree import Tree

HANDOUT = Path(__file__).parents[1] / "assets" / "handout"
FUTURE = b"from __future__ import annotations\n"
SQLMODEL = b"import sqlalchemy as sa\n"

GradeTree = Callable[..., Report]


def repaired(tree: Tree, suffix: str, old: bytes, new: bytes) -> Tree:
    """Replace text in the one file whose path ends so."""
    path = next(path for path in tree.files if path.endswith(suffix))
    assert old in tree.files[path]
    return tree.overlay({path: tree.files[path].replace(old, new, 1)})


@pytest.fixture(scope="module")
def typed() -> Tree:
    """Give the handout as it stands."""
    return Tree.read(HANDOUT)


@pytest.fixture(scope="module")
def mapped(typed: Tree) -> Tree:
    """Give it with models that can be mapped."""
    return repaired(typed, "app/models.py", FUTURE, b"")


@pytest.fixture(scope="module")
def migrated(mapped: Tree) -> Tree:
    """Give it with a revision that can be run, too."""
    return repaired(
        mapped, "rating_tables.py", SQLMODEL, SQLMODEL + b"import sqlmodel\n"
    )


@pytest.fixture(scope="module")
def configured(migrated: Tree) -> Tree:
    """Give it with one url for all, too."""
    reading = b'__import__("os").environ.get("DATABASE_URL", "sqlite:///./movies.db")'
    served = repaired(migrated, "app/db.py", b'"sqlite:///./movies.db"', reading)
    line = b"config = context.config\n"
    setting = b'config.set_main_option("sqlalchemy.url", ' + reading + b")\n"
    return repaired(served, "migrations/env.py", line, line + setting)


@pytest.fixture(scope="module")
def reports(
    typed: Tree, mapped: Tree, configured: Tree, migrated: Tree, grade_tree: GradeTree
) -> dict[str, Report]:
    """Grade all four."""
    trees = {"typed": typed, "mapped": mapped}
    trees |= {"migrated": migrated, "configured": configured}
    return {name: grade_tree(tree) for name, tree in trees.items()}


def failed(report: Report) -> dict[str, str | None]:
    """Map the checks that failed, on their own or over right earlier steps."""
    return {
        check.id: check.pitfall
        for step in report.steps
        for check in (*step.reference_checks, *step.checks)
        if check.outcome is Outcome.FAILED
    }


@pytest.mark.parametrize("name", ["typed", "mapped", "migrated", "configured"])
def test_the_handout_is_graded_to_the_end(
    reports: dict[str, Report], name: str
) -> None:
    """Every step reports, nothing is broken, and it falls short of full marks."""
    report = reports[name]

    checks = [check for step in report.steps for check in step.checks]
    assert len(report.steps) == 6
    assert not [check for check in checks if check.outcome is Outcome.BROKEN]
    assert report.score < report.max_score


@pytest.mark.parametrize(
    ("name", "pitfall"),
    [
        ("typed", "hard-coded-url"),
        ("typed", "foreign-keys-off"),
        ("typed", "future-annotations-with-relationship"),
        ("typed", "script-cannot-import"),
        ("typed", "single-command-typer"),
        ("typed", "init-db-without-models"),
        ("typed", "provider-patched-not-overridden"),
        ("typed", "autostring-without-import"),
        ("mapped", "table-model-validates"),
        ("migrated", "alembic-has-its-own-url"),
        ("configured", "duplicate-is-a-500"),
    ],
)
def test_each_mistake_is_named(
    reports: dict[str, Report], name: str, pitfall: str
) -> None:
    """A failed check names the mistake."""
    assert pitfall in failed(reports[name]).values()
