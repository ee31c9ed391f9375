"""Submissions that attack the grader: each gains nothing and harms nobody else."""

from collections.abc import Callable
from pathlib import Path

import pytest

from grader.report import Outcome, Report

ASSETS = Path(__file__).parent.parent / "assets"
ATTACKS = sorted(path.name for path in (ASSETS / "attacks").iterdir())
RIGHT = ASSETS / "courses" / "two_steps_right"

Grade = Callable[[Path], Report]


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_gains_nothing(grade_in_sandbox: Grade, attack: str) -> None:
    """Its checks fail or are skipped, and the next submission is untouched."""
    report = grade_in_sandbox(ASSETS / "attacks" / attack)
    after = grade_in_sandbox(RIGHT)

    outcomes = {check.outcome for step in report.steps for check in step.checks}
    assert report.score == 0
    assert outcomes <= {Outcome.FAILED, Outcome.SKIPPED}
    assert after.score == after.max_score
