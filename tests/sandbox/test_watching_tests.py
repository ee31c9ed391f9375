"""Tests of a submission that look at how they are run instead of at the service."""

import shutil
from pathlib import Path

import pytest

from grader.bench import DEFAULT_COURSE, open_for_course, open_stage
from grader.catalog import Course
from grader.grading import Options, grade
from grader.report import Outcome
from grader.sandbox.engines import Engine

WATCHING = Path(__file__).parent.parent / "assets" / "watching_tests"


@pytest.fixture
def submission(service_without_tests: Path) -> Path:
    """Give the finished service, with tests that look at nothing of it."""
    shutil.copytree(WATCHING, service_without_tests / "movie_service" / "tests")
    return service_without_tests


def test_a_test_that_fails_by_how_it_is_run_notices_nothing(
    isolation: Engine, submission: Path
) -> None:
    """A right service, met as the wrong ones are, gives such a test away."""
    course = Course.read(DEFAULT_COURSE)
    opened = open_for_course(submission, course)
    with open_stage(course, isolation) as stage:
        options = Options(steps=("fixtures",), policy="strict")
        report = grade(course, stage, opened, options)

    checks = {check.id: check.outcome for check in report.steps[0].checks}
    assert checks["fixtures.tests_pass_on_the_reference"] is Outcome.PASSED
    assert checks["fixtures.tests_can_fail"] is Outcome.FAILED
    assert checks["fixtures.every_wrong_service_is_noticed"] is Outcome.SKIPPED
