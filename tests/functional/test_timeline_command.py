"""``grader timeline`` shows the labs once where nobody watches."""

from pathlib import Path

import pytest

from grader import cli

Screen = pytest.CaptureFixture[str]


def show(work: Path, *options: str) -> int:
    """Show the timeline of this repository's course."""
    return cli.run(["timeline", "--workspace", str(work), *options])


def test_both_labs_and_the_break_are_shown(work: Path, capsys: Screen) -> None:
    """With their times."""
    assert show(work, "--part", "B", "--start", "14:10") == 0

    shown = capsys.readouterr().out
    assert "14:20 to 14:35" in shown
    assert "14:55 to 15:05" in shown
    assert "15:40 to 15:50" in shown


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--part", "Z"], "There is no part"),
        (["--start", "soon"], "is no time of day"),
    ],
)
def test_misuse_is_said(
    work: Path, capsys: Screen, options: list[str], told: str
) -> None:
    """What happened, and what to do next."""
    assert show(work, *options) == 2

    assert told in capsys.readouterr().err


def test_a_course_without_a_plan_says_so(
    work: Path, handed_out: Path, capsys: Screen
) -> None:
    """Not every course is taught by the clock."""
    assert show(work, "--checkpoints", str(handed_out / "checkpoints")) == 2

    assert "has no plan" in capsys.readouterr().err
