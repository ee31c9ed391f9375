"""The labs on a clock: a pure picture of a moment, a plan and the progress."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from grader.catalog import Course
from grader.errors import MisuseError
from grader.student.progress import Progress, StepProgress
from grader.student.timeline import Picture, choose_part, picture, plan, read_clock

ROOT = Path(__file__).resolve().parents[2]
START = datetime(2026, 11, 23, 14, 10, tzinfo=UTC)
GREEN = StepProgress(passed=1, checks=1)


@pytest.fixture(scope="module")
def course() -> Course:
    """Give the course of this repository."""
    return Course.read(ROOT / "checkpoints")


def after(course: Course, minutes: float, *green: str) -> Picture:
    """Look at the labs some minutes after they began."""
    slots = plan(course, course.parts[0], START)
    progress = Progress(steps=dict.fromkeys(green, GREEN))
    return picture(START + timedelta(minutes=minutes), slots, progress)


@pytest.mark.parametrize(
    ("minutes", "name", "left"),
    [
        (0, "engine", 10),
        (9.5, "engine", 0.5),
        (10, "models", 15),
        (30, "migration", 5),
        (45, "break", 10),
        (55, "fixtures", 35),
        (99, "downgrade", 1),
    ],
)
def test_the_clock_says_the_step_and_what_is_left(
    course: Course, minutes: float, name: str, left: float
) -> None:
    """Both labs and the break between them."""
    seen = after(course, minutes)

    assert seen.current is not None
    assert seen.current.name == name
    assert seen.left == timedelta(minutes=left)


def test_before_class_it_counts_down(course: Course) -> None:
    """To the first step."""
    seen = after(course, -5)

    assert seen.current is None
    assert seen.left == timedelta(minutes=5)
    assert not seen.is_over


def test_after_class_it_is_over(course: Course) -> None:
    """At the end of the last step."""
    assert after(course, 100).is_over


@pytest.mark.parametrize(
    ("minutes", "green", "behind"),
    [
        (5, [], 0),
        (12, [], 2),
        (12, ["engine"], 0),
        (20, ["engine", "models"], -5),
        (50, ["engine"], 25),
    ],
)
def test_pace_compares_the_first_open_step_with_the_plan(
    course: Course, minutes: float, green: list[str], behind: float
) -> None:
    """In minutes, whichever way."""
    assert after(course, minutes, *green).behind == timedelta(minutes=behind)


def test_a_later_part_begins_when_it_is_told(course: Course) -> None:
    """With nothing before it."""
    slots = plan(course, choose_part(course, "c"), START)

    assert [slot.name for slot in slots] == ["fixtures", "downgrade"]
    assert slots[0].begins == START


def test_an_unknown_part_is_said(course: Course) -> None:
    """With those that there are."""
    with pytest.raises(MisuseError, match="The parts are B, C"):
        choose_part(course, "D")


@pytest.mark.parametrize(
    ("text", "now", "expected"),
    [
        ("14:10", (23, 14, 30), (23, 14, 10)),
        ("9.05", (23, 8, 0), (23, 9, 5)),
        ("23:50", (24, 0, 10), (23, 23, 50)),
        ("00:10", (23, 23, 50), (24, 0, 10)),
    ],
)
def test_a_clock_means_the_nearest_moment(
    text: str, now: tuple[int, int, int], expected: tuple[int, int, int]
) -> None:
    """Also around midnight."""
    moment = read_clock(text, datetime(2026, 11, *now, tzinfo=UTC))

    assert moment == datetime(2026, 11, *expected, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "25:00", "14", "14:60", "ten", "-1:00"])
def test_what_is_no_time_is_said(text: str) -> None:
    """With an example."""
    with pytest.raises(MisuseError, match="14:10"):
        read_clock(text, START)
