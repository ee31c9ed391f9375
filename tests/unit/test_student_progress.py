"""Progress and hints are pure: what is kept after a check, what is told by when."""

from datetime import UTC, datetime, timedelta

import pytest

from grader.catalog import Pitfall
from grader.report import CheckReport, Outcome
from grader.student.hints import ask, earned, ladder
from grader.student.progress import StepProgress, Stuck, after_check

NOW = datetime(2026, 11, 23, 14, 10, tzinfo=UTC)
PITFALL = Pitfall("p", "It is this.", "Because.", "Look there.", "Do that.", "", "crud")
README = "labs/01_engine/README.md"


def check(name: str, outcome: Outcome, *, bonus: bool = False) -> CheckReport:
    """Give a check's result."""
    return CheckReport(
        id=f"engine.{name}",
        title=f"{name}.",
        visibility="visible",
        outcome=outcome,
        points=0,
        max_points=1,
        core=True,
        bonus=bonus,
        pitfall="p",
        duration_s=0,
    )


FAILED, PASSED = check("it", Outcome.FAILED), check("other", Outcome.PASSED)


def stuck(attempts: int = 1, minutes: int = 0) -> Stuck:
    """Give a failure that has lasted."""
    return Stuck(
        check="engine.it",
        title="It.",
        hint="Do that.",
        pitfall="p",
        since=NOW - timedelta(minutes=minutes),
        attempts=attempts,
    )


def test_the_ladder_leads_from_the_mistake_to_the_way_out() -> None:
    """Nothing is told twice."""
    rungs = [rung.text for rung in ladder(stuck(), {"p": PITFALL}, README)]

    assert rungs[:4] == ["It is this.", "Look there.", "Because.", "Do that."]
    assert README in rungs[4]
    assert len(rungs) == 5


def test_without_a_named_mistake_there_is_a_hint_too() -> None:
    """And where to read on."""
    rungs = [rung.label for rung in ladder(stuck(), {}, README)]

    assert rungs == ["Try", "Read"]


@pytest.mark.parametrize(
    ("attempts", "minutes", "rungs"),
    [(1, 0, 1), (2, 4, 1), (3, 0, 2), (1, 5, 2), (1, 14, 3), (7, 5, 4), (1, -60, 1)],
)
def test_rungs_are_earned_by_attempts_and_time(
    attempts: int, minutes: int, rungs: int
) -> None:
    """Whichever has more; a clock that was put back takes nothing away."""
    assert earned(stuck(attempts, minutes), NOW) == rungs


def test_asking_gives_one_more_until_there_is_none() -> None:
    """Nobody climbs above the ladder."""
    asked = stuck()
    for _ in range(5):
        asked = ask(asked, 3, NOW)

    assert earned(asked, NOW) == 3


def test_only_changed_files_are_another_attempt() -> None:
    """Checking the same again earns nothing."""
    first = after_check(StepProgress(), [FAILED], "a", NOW)
    same = after_check(first, [FAILED], "a", NOW)
    other = after_check(same, [FAILED], "b", NOW)

    counts = [step.stuck.attempts for step in (first, same, other) if step.stuck]
    assert counts == [1, 1, 2]


def test_another_failure_begins_a_ladder_of_its_own() -> None:
    """From its first rung."""
    before = StepProgress(stuck=stuck(attempts=9))
    failed = check("new", Outcome.FAILED)

    after = after_check(before, [failed], "a", NOW)

    assert after.stuck is not None
    assert (after.stuck.check, after.stuck.attempts) == ("engine.new", 1)


def test_a_step_stays_green_since_the_first_time() -> None:
    """And forgets what it was stuck on; a missed bonus does not count."""
    bonus = check("more", Outcome.FAILED, bonus=True)
    first = after_check(StepProgress(stuck=stuck()), [PASSED, bonus], "a", NOW)
    later = after_check(first, [PASSED], "b", NOW + timedelta(hours=1))

    assert first.is_green
    assert first.stuck is None
    assert later.green == NOW


def test_no_check_is_not_green() -> None:
    """Nothing passed, so nothing is."""
    assert not after_check(StepProgress(), [], "a", NOW).is_green
