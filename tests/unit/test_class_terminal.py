"""Test what people see of a class: pace, events, standings, mistakes."""

import io
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from grader.classroom.intake import Work
from grader.classroom.running import Event
from grader.classroom_terminal import Pace, progress, show_end, show_stop
from grader.gradebook.policy import Policy
from grader.gradebook.standing import Adjustment, Unmatched
from grader.gradebook.standings import Class
from grader.gradebook_terminal import count_pitfalls, show_class, show_student
from grader.terminal import open_console
from tests.class_fakes import COURSE, NOON, check, report, standing, step, student

WRONG = report(
    step(
        "models",
        check("models.one", "failed", pitfall="no-table"),
        check("models.two", "failed", pitfall="no-table"),
        check("models.three", "skipped", pitfall="no-order"),
    )
)


@pytest.mark.parametrize(
    ("pace", "told"),
    [
        (Pace(0, 10, 5.0), ""),
        (Pace(4, 6, 60.0), ", 4.0 a minute, 2 min left"),
        (Pace(60, 2, 60.0), ", 60.0 a minute, 2 s left"),
        (Pace(1, 200, 60.0), ", 1.0 a minute, 3.3 h left"),
    ],
)
def test_the_pace_is_told(pace: Pace, told: str) -> None:
    """Rate and time left, once something was graded."""
    assert str(pace) == told


def test_whoever_has_no_grade_is_told_with_the_reason() -> None:
    """Whatever the student wrote into it, it stays one harmless line."""
    stream = io.StringIO()
    work = Work(student("ada"), Path("ada.zip"))

    with progress(open_console(stream), 2) as watch:
        watch(Event(work, "again", "the sandbox broke"))
        watch(Event(work, "lost", "it failed\n\x1b[31mthree times"))
        watch(Event(work, "graded", score=1, max_score=2))

    assert stream.getvalue().splitlines()[:2] == [
        "Trying again: ada: the sandbox broke",
        "Not graded: ada: it failed \ufffd[31mthree times",
    ]


def test_the_end_and_a_stop_are_told() -> None:
    """With what was done, and where it is."""
    stream = io.StringIO()
    counted = Counter({"graded": 3, "lost": 1})

    show_end(open_console(stream), counted, "gradebook.db")
    show_stop(open_console(stream), counted)

    assert stream.getvalue().splitlines() == [
        "3 graded, 1 failed by our fault.",
        "The gradebook is gradebook.db.",
        "Stopped. 3 graded and kept; the same command goes on with the others.",
    ]


def test_a_mistake_counts_once_for_each_who_made_it() -> None:
    """However many checks show it; what was skipped shows nothing."""
    everyone = [standing("ada", WRONG), standing("bob", WRONG), standing("cyd")]

    assert count_pitfalls(everyone) == [("no-table", 2)]


def test_a_class_is_shown() -> None:
    """Scores, mistakes, who has none, what is nobody's, whom the policy misnames."""
    stream = io.StringIO()
    everyone = (standing("ada", WRONG), standing("bob", None, state="no zip"))
    policy = Policy(title="Lab 7", extensions={"adda": NOON})
    graded = Class(policy, everyone, (Unmatched("x.zip", "who is x?"),))

    show_class(open_console(stream), graded, COURSE.pitfalls)

    said = stream.getvalue()
    assert said.startswith("Lab 7: 2 students.")
    for told in (
        "no-table",
        "bob: no zip",
        "x.zip: who is x?",
        "adda is in course.toml",
    ):
        assert told in said


def test_a_student_is_shown() -> None:
    """With attempts, lateness and what people changed."""
    stream = io.StringIO()
    change = Adjustment(-2, "copied", "tara", NOON)
    one = standing("ada", adjustments=(change,), due=NOON - timedelta(hours=1))

    show_student(open_console(stream), one)

    said = stream.getvalue()
    for told in ("ada", "Due 2026-11-22 11:00 UTC", "tara: -2: copied", "work"):
        assert told in said
