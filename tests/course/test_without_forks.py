"""The engine without forks judges honest work as the sandbox does."""

from collections.abc import Callable

import pytest

from grader.bench import Opened, open_stage, sandbox_for
from grader.catalog import Course
from grader.report import Outcome
from grader.sandbox.engines import FreshEngine
from grader.sandbox.stage import Stage
from grader.submission.layout import find_layout
from grader.submission.opening import Submission
from grader.submission.tree import Tree
from grader.suites import run_suites

Judge = Callable[[Stage], dict[str, tuple[Outcome, str | None, str]]]


@pytest.fixture(scope="module")
def judge(course: Course) -> Judge:
    """Judge a service that forgets to commit, by the visible suite of one step."""
    step = course.step("repository")
    variant = Tree.read(step.folder / "rejects" / "forgets_to_commit")
    tree = course.reference().overlay(variant.without("variant.toml"))
    submission = Submission("tree", "folder", tree, None, ())
    opened = Opened(submission, find_layout(tree, course.roles))

    def run(stage: Stage) -> dict[str, tuple[Outcome, str | None, str]]:
        sandbox = sandbox_for(course, stage, opened, seed=7)
        found = run_suites(course, sandbox, [step.only("visible")], lambda *_: None)
        checks = found[step.slug]
        return {c.id: (c.outcome, c.pitfall, c.message) for c in checks}

    return run


def test_both_engines_give_the_same_answers(
    course: Course, lab_stage: Stage, judge: Judge
) -> None:
    """Outcome, mistake and words, over HTTP, probes and commands."""
    with open_stage(course, FreshEngine()) as stage:
        slow = judge(stage)

    assert slow == judge(lab_stage)
    assert {outcome for outcome, _, _ in slow.values()} >= {Outcome.PASSED}
    assert {outcome for outcome, _, _ in slow.values()} > {Outcome.PASSED}
