"""Grade with this repository's own course, on one stage that all the tests share."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from grader.bench import Opened, open_for_course, open_stage
from grader.catalog import Course
from grader.grading import Options, grade
from grader.report import Report
from grader.sandbox.choice import choose_engine
from grader.sandbox.stage import Stage
from grader.submission.layout import find_layout
from grader.submission.opening import Submission
from grader.submission.tree import Tree

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def course() -> Course:
    """Give the course of this repository."""
    return Course.read(ROOT / "checkpoints")


@pytest.fixture(scope="session")
def lab_stage(course: Course) -> Iterator[Stage]:
    """Give a running stage, isolated where this machine can."""
    with open_stage(course, choose_engine("auto", own_folder=True).engine) as stage:
        yield stage


@pytest.fixture(scope="session")
def grade_folder(course: Course, lab_stage: Stage) -> Callable[[Path], Report]:
    """Grade a folder with all steps of the course."""
    return lambda path: grade(
        course, lab_stage, open_for_course(path, course), Options()
    )


@pytest.fixture(scope="session")
def grade_tree(course: Course, lab_stage: Stage) -> Callable[..., Report]:
    """Grade files in memory with some steps of the course, or all."""

    def run(tree: Tree, *steps: str) -> Report:
        submission = Submission("tree", "folder", tree, None, ())
        opened = Opened(submission, find_layout(tree, course.roles))
        return grade(course, lab_stage, opened, Options(steps=steps))

    return run
