"""Repositories of other themes and shapes are graded to the end, never with a crash."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from grader.report import Outcome, Report

SUBMISSIONS = Path(__file__).parents[1] / "assets" / "submissions"
NAMES = sorted(path.name for path in SUBMISSIONS.iterdir() if path.is_dir())


@pytest.fixture(scope="module")
def reports(grade_folder: Callable[[Path], Report]) -> Callable[[str], Report]:
    """Grade each submission once, when it is first asked for."""
    return cache(lambda name: grade_folder(SUBMISSIONS / name))


@pytest.mark.parametrize("name", NAMES)
def test_an_odd_submission_gets_a_report(
    reports: Callable[[str], Report], name: str
) -> None:
    """Every check reports, none is broken, and each failure says what was seen."""
    report = reports(name)

    checks = [check for step in report.steps for check in step.checks]
    assert not [check for check in checks if check.outcome is Outcome.BROKEN]
    assert report.score < report.max_score
    failed = [check for check in checks if check.outcome is Outcome.FAILED]
    assert failed
    assert all(check.message for check in failed)


def test_a_missing_package_is_told_apart(reports: Callable[[str], Report]) -> None:
    """The report names the package that the course does not install."""
    report = reports("chat_missing_package")

    messages = [check.message for step in report.steps for check in step.checks]
    assert any("dotenv" in message for message in messages)


def test_a_syntax_error_is_named(reports: Callable[[str], Report]) -> None:
    """The report says which file does not parse."""
    report = reports("movies_does_not_parse")

    messages = [check.message for step in report.steps for check in step.checks]
    assert any("SyntaxError" in message for message in messages)
