"""Points come from passed checks only, and one mistake is paid for once."""

import pytest

from grader.report import CheckReport, Outcome, StepReport
from grader.scoring import counted, criteria, points, total, worth


def check(
    name: str, outcome: Outcome, worth: float = 2.0, **facts: bool
) -> CheckReport:
    """Build the report of one check."""
    return CheckReport(
        id=f"greet.{name}",
        title=name,
        visibility="hidden",
        outcome=outcome,
        points=points(outcome, worth),
        max_points=worth,
        core=facts.get("core", True),
        bonus=facts.get("bonus", False),
        duration_s=0.0,
    )


def step(
    *checks: CheckReport, again: tuple[CheckReport, ...] = (), criterion: str = "words"
) -> StepReport:
    """Build the report of one step."""
    return StepReport(
        slug="greet",
        title="Greet",
        criterion=criterion,
        score=total(checks),
        max_score=worth(checks),
        own=total(checks),
        checks=checks,
        reference_checks=again,
    )


@pytest.mark.parametrize("outcome", [Outcome.FAILED, Outcome.SKIPPED, Outcome.BROKEN])
def test_only_a_passed_check_earns_points(outcome: Outcome) -> None:
    """There is no outcome in doubt that earns something."""
    assert points(outcome, 3.0) == 0.0
    assert points(Outcome.PASSED, 3.0) == 3.0


def test_bonus_points_are_counted_apart() -> None:
    """A bonus check adds neither to the score nor to what could be earned."""
    checks = [
        check("plain", Outcome.PASSED),
        check("extra", Outcome.PASSED, 5.0, bonus=True),
    ]

    assert (total(checks), worth(checks)) == (2.0, 2.0)
    assert (total(checks, bonus=True), worth(checks, bonus=True)) == (5.0, 5.0)


def test_many_small_points_add_up_exactly() -> None:
    """Ten checks of a tenth are one point, not a little less."""
    assert total([check(str(n), Outcome.PASSED, 0.1) for n in range(10)]) == 1.0


@pytest.mark.parametrize(
    ("own", "on_reference", "strict", "carry"),
    [(4.0, None, 4.0, 4.0), (4.0, 9.0, 4.0, 9.0), (9.0, 4.0, 9.0, 9.0)],
)
def test_the_policy_decides_what_counts(
    own: float, on_reference: float | None, strict: float, carry: float
) -> None:
    """Strict counts the work as it is; carry the better of both runs."""
    assert counted(own, on_reference, "strict") == strict
    assert counted(own, on_reference, "carry") == carry


def test_a_criterion_is_met_when_its_core_checks_passed() -> None:
    """A check beside the core may fail."""
    work = step(
        check("core", Outcome.PASSED), check("side", Outcome.FAILED, core=False)
    )

    assert criteria([work], ["words"], "strict") == {"words": True}


@pytest.mark.parametrize("outcome", [Outcome.FAILED, Outcome.SKIPPED, Outcome.BROKEN])
def test_a_criterion_is_missed_with_one_of_its_core_checks(outcome: Outcome) -> None:
    """Also one that was skipped or broke has not passed."""
    work = step(check("one", Outcome.PASSED), check("two", outcome))

    assert criteria([work], ["words"], "carry") == {"words": False}


def test_a_criterion_without_a_graded_step_is_open() -> None:
    """Nothing is said about what was not looked at."""
    work = step(check("one", Outcome.PASSED))

    assert criteria([work], ["words", "numbers"], "carry") == {
        "words": True,
        "numbers": None,
    }


def test_a_core_check_may_pass_on_right_earlier_steps() -> None:
    """Under carry an earlier mistake does not cost the criterion of a later step."""
    work = step(check("one", Outcome.FAILED), again=(check("one", Outcome.PASSED),))

    assert criteria([work], ["words"], "carry") == {"words": True}
    assert criteria([work], ["words"], "strict") == {"words": False}
