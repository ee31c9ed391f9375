"""Judge runs and count diagnoses, without grading anything."""

from typing import Any

import pytest

from grader.report import CheckReport, Outcome
from grader.verifying.diagnosis import NO_NAME, NOTHING_SEEN, NOTHING_WRONG, diagnose
from grader.verifying.jobs import Job, Kind
from grader.verifying.judging import Run, judge


def check(identity: str, outcome: str = "passed", **facts: Any) -> CheckReport:
    """Make the result of one check."""
    plain: dict[str, Any] = {
        "title": "A title",
        "visibility": "hidden",
        "points": 0.0,
        "max_points": 1.0,
        "core": False,
        "duration_s": 0.0,
    }
    return CheckReport(id=identity, outcome=Outcome(outcome), **plain | facts)


def job(kind: Kind, step: str = "count", **facts: Any) -> Job:
    """Make a job that needs no files."""
    return Job(kind, step, "this_one", {}, ("greet", "count"), **facts)


def reject(*checks: CheckReport) -> Run:
    """Make the run of a reject that must fail one check as off by one."""
    expected = job("rejects", pitfall="off-by-one", fails=("count.counts",))
    return Run(expected, checks)


def sentences(run: Run) -> list[str]:
    """Return what judging a run says."""
    return [gap.sentence for gap in judge(run)]


@pytest.mark.parametrize("kind", ["finished", "solutions", "accepts"])
def test_full_marks_leave_no_gap(kind: Kind) -> None:
    """A right service that passes everything is as it should be."""
    assert sentences(Run(job(kind), (check("greet.a"), check("count.b")))) == []


@pytest.mark.parametrize("kind", ["finished", "solutions", "accepts"])
def test_a_right_service_that_falls_short_is_a_gap(kind: Kind) -> None:
    """The sentence names the check and what it said."""
    failed = check("count.b", "failed", message="Too few.", pitfall="off-by-one")

    (told,) = sentences(Run(job(kind), (check("greet.a"), failed)))

    assert "count.b (failed, off-by-one: Too few.)" in told


@pytest.mark.parametrize(("kind", "gaps"), [("accepts", 0), ("finished", 1)])
def test_only_the_finished_service_owes_the_bonus(kind: Kind, gaps: int) -> None:
    """A second right answer need not do the stretch work."""
    bonus = check("count.b", "failed", bonus=True)

    assert len(sentences(Run(job(kind), (bonus,)))) == gaps


def test_a_starter_falls_short_on_its_own_step_alone() -> None:
    """That is what a starter is."""
    own = check("count.b", "failed")

    assert sentences(Run(job("starter"), (check("greet.a"), own))) == []


def test_a_starter_with_full_marks_is_a_gap() -> None:
    """There would be nothing left to do."""
    (told,) = sentences(Run(job("starter"), (check("greet.a"), check("count.b"))))

    assert "already has full marks" in told


def test_a_starter_that_breaks_an_earlier_step_is_a_gap() -> None:
    """A student must not lose what they have done."""
    run = Run(job("starter"), (check("greet.a", "failed"), check("count.b", "failed")))

    (told,) = sentences(run)

    assert "greet.a" in told
    assert "count.b" not in told


def test_a_reject_that_fails_as_it_should_leaves_no_gap() -> None:
    """Its dependents are skipped, its own check carries its pitfall."""
    run = reject(
        check("count.counts", "failed", pitfall="off-by-one"),
        check("count.more", "skipped", because=("count.counts",)),
    )

    assert sentences(run) == []


@pytest.mark.parametrize("outcome", ["passed", "skipped"])
def test_a_reject_that_does_not_fail_its_check_is_a_gap(outcome: str) -> None:
    """A check that lets its mistake through proves nothing."""
    (told,) = sentences(reject(check("count.counts", outcome)))

    assert f"should fail count.counts ({outcome})" in told


@pytest.mark.parametrize("named", [None, "counts-nothing"])
def test_a_reject_with_another_diagnosis_is_a_gap(named: str | None) -> None:
    """One mistake has one name."""
    run = reject(
        check("count.counts", "failed", pitfall="off-by-one"),
        check("count.more", "failed", pitfall=named),
    )

    (gap,) = judge(run)

    assert gap.rule == "diagnosis"
    assert "count.more" in gap.sentence


def test_a_failure_that_a_reject_does_not_name_is_a_gap() -> None:
    """One mistake shows as the failures that its manifest lists, and no more."""
    run = reject(
        check("count.counts", "failed", pitfall="off-by-one"),
        check("count.more", "failed", pitfall="off-by-one"),
    )

    (told,) = sentences(run)

    assert "also fails count.more" in told


@pytest.mark.parametrize("kind", ["accepts", "starter", "rejects"])
def test_a_broken_check_is_always_a_gap(kind: Kind) -> None:
    """A broken check is ours, whatever the service."""
    run = Run(job(kind, fails=()), (check("count.b", "broken", bonus=True),))

    assert "broken" in {gap.rule for gap in judge(run)}


def test_a_job_that_could_not_be_graded_is_one_gap() -> None:
    """Nothing else is said of it."""
    (told,) = sentences(Run(job("accepts"), problem="There is no service inside."))

    assert told.endswith("could not be graded: There is no service inside.")


def test_right_diagnoses_lie_on_the_diagonal() -> None:
    """Precision and recall are then full."""
    right = reject(check("count.counts", "failed", pitfall="off-by-one"))

    found = diagnose([right, right])

    assert found.cells == {("off-by-one", "off-by-one"): 2}
    assert (found.precision, found.recall, found.confused) == (1.0, 1.0, {})


def test_wrong_and_missing_diagnoses_cost_precision_and_recall() -> None:
    """A wrong name costs both, silence only recall, a false alarm precision."""
    runs = [
        reject(check("count.counts", "failed", pitfall="off-by-one")),
        reject(check("count.counts", "failed")),
        reject(check("count.counts")),
        Run(job("accepts"), (check("count.counts", "failed", pitfall="off-by-one"),)),
    ]

    found = diagnose(runs)

    assert found.confused == {
        ("off-by-one", NO_NAME): 1,
        ("off-by-one", NOTHING_SEEN): 1,
        (NOTHING_WRONG, "off-by-one"): 1,
    }
    assert found.precision == pytest.approx(1 / 3)
    assert found.recall == pytest.approx(1 / 3)


def test_without_rejects_there_is_nothing_to_measure() -> None:
    """No share is made up."""
    assert (diagnose([]).precision, diagnose([]).recall) == (None, None)
