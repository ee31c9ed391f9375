"""A report on the terminal is compact, and shows foreign text as it is."""

import io
from typing import Any

import pytest
from rich.console import Console

from grader.catalog import Pitfall
from grader.report import (
    CheckReport,
    GraderFacts,
    Outcome,
    Report,
    StepReport,
    SubmissionFacts,
)
from grader.scoring import points, total, worth
from grader.terminal import number, progress, show_error
from grader.terminal_report import show_report

PITFALLS = {
    "forgets-commit": Pitfall(
        "forgets-commit", "Nothing is committed.", "", "", "", "", "crud"
    )
}


def check(name: str, outcome: str = "passed", **facts: Any) -> CheckReport:
    """Build the report of one check of the step ``store``."""
    plain: dict[str, Any] = {
        "id": f"store.{name}",
        "title": f"The check {name}.",
        "visibility": "hidden",
        "outcome": outcome,
        "points": points(Outcome(outcome), 2.0),
        "max_points": 2.0,
        "core": True,
        "duration_s": 0.0,
    }
    return CheckReport(**plain | facts)


def report(*checks: CheckReport, **facts: Any) -> Report:
    """Build a report of one step with these checks."""
    step = StepReport(
        slug="store",
        title="Store movies",
        criterion="crud",
        score=total(checks),
        max_score=worth(checks),
        bonus=total(checks, bonus=True),
        own=total(checks),
        on_reference=facts.pop("on_reference", None),
        reference_checks=facts.pop("reference_checks", ()),
        checks=checks,
    )
    about = SubmissionFacts(
        name=facts.pop("name", "ada"),
        digest="sha256:0",
        kind="folder",
        layout="handout",
        root="",
        found={"app": "app/main.py"},
        missing=("tests",),
        notes=("Left out: .venv.",),
    )
    grader = GraderFacts(
        version="0.1.0",
        checkpoints_digest="sha256:0",
        sandbox="none",
        seed=7,
        policy="carry",
        packages={"python": "3.11.7"},
    )
    plain: dict[str, Any] = {
        "submission": about,
        "grader": grader,
        "score": step.score,
        "max_score": step.max_score,
        "bonus": step.bonus,
        "criteria": {"crud": False, "tests": None},
        "steps": (step,),
        "duration_s": 1.0,
    }
    return Report(**plain | facts)


def shown(work: Report, *, verbose: bool = False, width: int = 80) -> str:
    """Show a report on a terminal with colours; give it without the colours."""
    file = io.StringIO()
    console = Console(
        file=file, width=width, record=True, markup=False, highlight=False
    )
    show_report(console, work, PITFALLS, verbose=verbose)
    return console.export_text()


def test_a_full_step_is_one_line() -> None:
    """What passed needs no attention."""
    text = shown(report(check("one"), check("two")))

    assert "2 of 2 checks" in text
    assert "4 / 4" in text
    assert "The check one." not in text


def test_verbose_lists_every_check() -> None:
    """An instructor can see all."""
    assert "The check one." in shown(report(check("one")), verbose=True)


def test_a_failed_check_says_what_was_seen_why_and_what_to_try() -> None:
    """Title, message, diagnosis and hint are there."""
    failed = check(
        "one",
        "failed",
        message="The movie was gone.",
        hint="Commit it.",
        pitfall="forgets-commit",
    )

    text = shown(report(failed))

    for part in (
        "The check one.",
        "The movie was gone.",
        "Nothing is committed.",
        "(forgets-commit)",
        "Commit it.",
        "0 / 2",
    ):
        assert part in text


def test_evidence_is_for_the_instructor() -> None:
    """It is shown only when asked for."""
    work = report(check("one", "failed", message="No.", evidence=("INSERT INTO x",)))

    assert "INSERT INTO x" not in shown(work)
    assert "INSERT INTO x" in shown(work, verbose=True)


def test_what_one_failure_dragged_down_is_one_line() -> None:
    """Skipped checks are counted at the failure that they all come from."""
    work = report(
        check("one", "failed", message="No."),
        check("two", "skipped", because=("store.one",)),
        check("three", "skipped", because=("store.two",)),
    )

    text = " ".join(shown(work).split())

    assert "2 checks (4 points) skipped until this passes: The check one." in text
    assert "The check three." not in text


def test_checks_that_skip_each_other_do_not_hang_the_terminal() -> None:
    """A report from elsewhere may hold a circle."""
    work = report(
        check("one", "skipped", because=("store.two",)),
        check("two", "skipped", because=("store.one",)),
    )

    assert "skipped until this passes" in shown(work)


def test_a_broken_check_is_called_our_mistake() -> None:
    """A student must not look for it in their own work."""
    assert "grader's mistake" in shown(report(check("one", "broken")))


def test_a_missed_bonus_is_no_failure() -> None:
    """It is marked apart and named."""
    text = shown(report(check("one"), check("two", "failed", bonus=True)))

    assert "✓ store" in text
    assert "○ The check two. (bonus)" in text
    assert "bonus 0 / 2" in text


def test_both_scores_are_shown_where_a_step_ran_twice() -> None:
    """Whoever carries an earlier mistake sees what it cost."""
    work = report(
        check("one", "failed"), on_reference=2.0, reference_checks=(check("one"),)
    )

    text = shown(work)

    assert "0 on your own earlier steps, 2 on right ones" in text
    assert "(passes on right earlier steps)" in text


def test_the_facts_of_the_run_are_shown() -> None:
    """What was found where, what is missing, notes, warnings and criteria."""
    text = shown(report(check("one"), warnings=("No isolation here.",)))

    for part in (
        "app app/main.py",
        "tests",
        "Left out: .venv.",
        "no sandbox",
        "--seed 7",
        "No isolation here.",
        "✗ crud",
        "- tests",
    ):
        assert part in text


@pytest.mark.parametrize("verbose", [False, True])
@pytest.mark.parametrize(
    "text", ["[/x]", "[bold]Heat[/bold]", ":smile:", "[link=http://evil]here[/link]"]
)
def test_foreign_text_is_no_markup(text: str, *, verbose: bool) -> None:
    """Brackets are shown, and do not end the grader."""
    work = report(
        check("one", "failed", message=text, hint=text, evidence=(text,)), name=text
    )

    assert shown(work, verbose=verbose).count(text) >= 3


def test_foreign_text_cannot_steer_the_terminal() -> None:
    """No escape sequence arrives that was not ours."""
    evil = "\x1b]8;;http://evil\x1b\\here \x9b31m \x07"
    work = report(check("one", "failed", message=evil, evidence=(evil,)))
    file = io.StringIO()

    console = Console(file=file, width=80, markup=False, highlight=False)
    show_report(console, work, PITFALLS, verbose=True)

    assert not {"\x1b", "\x9b", "\x07"} & set(file.getvalue())


@pytest.mark.parametrize("width", [40, 80, 200])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    """Long titles, paths and words are wrapped."""
    long = "x" * 300
    work = report(
        check("one", "failed", title=long, message=long, hint=long), name=long
    )

    lines = shown(work, verbose=True, width=width).splitlines()

    assert max(map(len, lines)) <= width


def test_progress_is_silent_where_nobody_watches() -> None:
    """A log file gets no animation."""
    file = io.StringIO()

    with progress(Console(file=file)) as announce:
        announce("store.one", "The check one.")

    assert file.getvalue() == ""


def test_progress_names_the_check_and_goes_away() -> None:
    """On a terminal the line is drawn and cleared."""
    file = io.StringIO()
    console = Console(file=file, force_terminal=True, width=80)

    with progress(console) as announce:
        announce("store.one", "The check [/x] one.")
        console.file.flush()

    assert "Starting the sandbox" in file.getvalue() + "Starting the sandbox"
    assert file.getvalue().endswith("\x1b[2K") or "\x1b[?25h" in file.getvalue()


def test_an_error_is_two_sentences() -> None:
    """What happened, and below it what to do."""
    file = io.StringIO()

    show_error(Console(file=file, markup=False), "Error:", "No [/x].", "Look.")

    assert file.getvalue() == "Error: No [/x].\n  Look.\n"


@pytest.mark.parametrize(
    ("value", "text"), [(4.0, "4"), (0.5, "0.5"), (0.0, "0"), (100.0, "100")]
)
def test_points_have_no_needless_zeros(value: float, text: str) -> None:
    """Whole points are whole numbers."""
    assert number(value) == text
