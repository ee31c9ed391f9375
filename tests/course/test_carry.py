"""One mistake is paid for once: later steps are graded over right earlier ones."""

import pytest

from grader.bench import Opened
from grader.catalog import Course
from grader.grading import Options, grade
from grader.report import Report, StepReport
from grader.sandbox.stage import Stage
from grader.submission.layout import find_layout
from grader.submission.opening import Submission
from grader.submission.tree import Tree


@pytest.fixture(scope="module")
def broken_migration(course: Course) -> Tree:
    """Give the finished service without its migrations' first revision."""
    reference = course.reference()
    first = next(path for path in reference.paths(".py") if "/versions/0001" in path)
    return reference.without(first)


@pytest.fixture(scope="module")
def graded(course: Course, lab_stage: Stage, broken_migration: Tree) -> Report:
    """Grade three steps of it under the policy that carries."""
    submission = Submission("broken", "folder", broken_migration, None, ())
    opened = Opened(submission, find_layout(broken_migration, course.roles))
    options = Options(steps=("models", "migration", "repository"), policy="carry")
    return grade(course, lab_stage, opened, options)


def step(report: Report, slug: str) -> StepReport:
    """Return one step's report."""
    return next(step for step in report.steps if step.slug == slug)


def test_the_broken_step_itself_is_paid_for(graded: Report) -> None:
    """The migration step has lost points, on the reference too."""
    migration = step(graded, "migration")

    assert migration.score < migration.max_score


def test_a_right_later_step_counts_on_the_reference(graded: Report) -> None:
    """Nothing of the repository runs on its own; over the reference all of it does."""
    repository = step(graded, "repository")

    assert repository.own < repository.max_score
    assert repository.on_reference == repository.max_score
    assert repository.score == repository.max_score


def test_criteria_follow_the_policy(graded: Report) -> None:
    """The criterion of the right step is met, that of the broken one is not."""
    assert graded.criteria["crud"] is True
    assert graded.criteria["schema"] is False
    assert graded.grader.policy == "carry"
