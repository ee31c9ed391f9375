"""A student is shown everything of a visible check, and never too much of a hidden."""

import pytest

from grader.disclosure import MOST_STATEMENTS, Disclosure, Shown, shown_steps
from grader.report import CheckReport, Outcome
from tests.class_fakes import COURSE, check, report, step

DRAWN = "Xylo Karima"
FAILED = {
    "pitfall": "no-commit",
    "message": f"{DRAWN} was gone.",
    "hint": "Commit it.",
    "evidence": (f"INSERT INTO movie  ('{DRAWN}',)", "COMMIT", "Traceback: secret"),
}


def shown(disclosure: Disclosure, *checks: CheckReport) -> tuple[Shown, ...]:
    """Show the checks of one step."""
    work = report(step("store", *checks))
    ((_, found),) = shown_steps(work, COURSE.pitfalls, disclosure)
    return found


def test_a_hint_that_is_the_way_out_is_given_once() -> None:
    """A check without a hint of its own has the pitfall's."""
    failed = check(
        "store.one", "failed", pitfall="no-commit", hint="way out of no-commit"
    )

    (one,) = shown(Disclosure.TITLES, failed)

    assert one.hint == "way out of no-commit"


@pytest.mark.parametrize("disclosure", Disclosure)
def test_a_visible_check_is_shown_whole(disclosure: Disclosure) -> None:
    """Students have its suite: message, diagnosis, hint and the SQL."""
    (one,) = shown(disclosure, check("store.one", "failed", **FAILED))

    assert one.message == f"{DRAWN} was gone."
    assert one.diagnosis == "diagnosis of no-commit"
    assert one.hint == "way out of no-commit Commit it."
    assert one.statements == (f"INSERT INTO movie ('{DRAWN}',)", "COMMIT")


def test_a_hidden_check_shows_title_diagnosis_and_hint() -> None:
    """What it sent and saw stays with the instructor."""
    hidden = check("store.one", "failed", visibility="hidden", **FAILED)

    (one,) = shown(Disclosure.DIAGNOSES, hidden)

    assert one.title == "title of store.one"
    assert one.diagnosis == "diagnosis of no-commit"
    assert one.hint == "way out of no-commit Commit it."
    assert (one.why, one.see) == ("", "")
    assert DRAWN not in repr(one)


def test_titles_alone_explain_nothing() -> None:
    """Before the due date a hidden check is a title and a tick."""
    hidden = check("store.one", "failed", visibility="hidden", **FAILED)

    (one,) = shown(Disclosure.TITLES, hidden)

    assert one == Shown("title of store.one", Outcome.FAILED, 0.0, 2.0, hidden=True)


def test_nothing_is_a_sum() -> None:
    """Hidden checks become one line, and none names them."""
    (first, sums) = shown(
        Disclosure.NOTHING,
        check("store.one", "skipped", because=("store.two",)),
        check("store.two", "failed", visibility="hidden", **FAILED),
        check("store.three", visibility="hidden"),
    )

    assert first.needs == ()
    assert sums.title == "1 of 2 further checks passed."
    assert (sums.points, sums.max_points) == (2.0, 4.0)
    assert "store.two" not in repr((first, sums))


def test_the_run_that_counts_is_shown() -> None:
    """What passes on right earlier steps is not held against a student twice."""
    own = check("store.one", "skipped", because=("models.one",))
    work = report(step("store", own, again=(check("store.one"),)))

    ((_, (one,)),) = shown_steps(work, COURSE.pitfalls, Disclosure.DIAGNOSES)

    assert one.passed


def test_what_passed_in_neither_run_is_told_by_the_students_own() -> None:
    """In the other run it fails for a reason that is not theirs."""
    one = check("store.one", "skipped", because=("models.one",))
    two = check("store.two", "skipped", because=("models.one",))
    misled = check("store.one", "failed", pitfall="no-order", message="Odd.")
    work = report(
        step("models", check("models.one", "failed")),
        step("store", one, two, again=(misled, check("store.two"))),
    )

    shown_all = dict(shown_steps(work, COURSE.pitfalls, Disclosure.DIAGNOSES))
    first, second = shown_all[work.steps[1]]

    assert (first.outcome, first.diagnosis) == (Outcome.SKIPPED, "")
    assert first.needs == ("title of models.one",)
    assert second.passed


def test_what_is_shown_is_bounded() -> None:
    """A service may send very much SQL, in very long lines."""
    story = tuple(f"SELECT {'x' * 3000}" for _ in range(50))

    (one,) = shown(
        Disclosure.TITLES,
        check("store.one", "failed", evidence=story, message="x" * 9000),
    )

    assert len(one.statements) == MOST_STATEMENTS + 1
    assert len(repr(one)) < 8_000


def test_a_named_mistake_of_another_course_is_left_out() -> None:
    """A report may be older than the catalogue."""
    (one,) = shown(
        Disclosure.DIAGNOSES, check("store.one", "failed", pitfall="forgotten")
    )

    assert (one.pitfall, one.diagnosis) == ("", "")
