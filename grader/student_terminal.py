"""Show a student what was laid, what was checked and how far it is."""

import difflib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from .catalog import Course, Step
from .report import CheckReport, Outcome
from .student.handing_in import Package, Receipt, StepReceipt, receipt_path
from .student.laying import Change, Laying
from .student.progress import Progress, StepProgress, first_failure
from .student.session import Result, Told
from .student.starting import Started
from .terminal import plain
from .terminal_report import MARKS, MISSED_BONUS

MOST_DIFF_LINES = 40
BAR = 24
SLUG = 10
MOST_PLACES = 4
DIFF_STYLES = {"+": "green", "-": "red", "@": "cyan"}
STYLES = {"done": "green", "short": "yellow", "open": "dim"}


def facts(rows: Sequence[tuple[str, Text]]) -> RenderableType:
    """Lay labels and what belongs to them side by side."""
    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for label, text in rows:
        table.add_row(label, text)
    return table


def show_started(
    console: Console,
    course: Course,
    started: Started,
    readme: str,
    *,
    changes: bool = True,
) -> None:
    """Show what a start has laid and what to do now.

    Args:
        console: Where to.
        course: The course.
        started: What was laid.
        readme: Where the step's text is.
        changes: Whether to show what became of own work; false if it was shown before.
    """
    step, laying = started.step, started.laying
    number = f"Step {course.steps.index(step) + 1} of {len(course.steps)}: "
    console.print(Text(number, style="bold") + plain(step.title, "bold"))
    if started.again:
        told = "You began it before: your files stay as they are."
        console.print(plain(told, "yellow"))
    if changes:
        show_changes(console, laying.changes, replaced=True)
    console.print(facts(list(_started_rows(started, readme))))
    for note in started.notes:
        console.print(plain(note, "yellow"))


def _started_rows(started: Started, readme: str) -> Iterator[tuple[str, Text]]:
    laying, slug = started.laying, started.step.slug
    if laying.files:
        yield "Laid", plain(", ".join(laying.files))
    if started.backup is not None:
        place = "/".join(started.backup.parts[-3:])
        yield "Your versions", plain(f"{place}/", "bold")
    if started.again:
        yield "Start over", plain(f"grader reset {slug}")
    if started.step.window:
        yield "When", plain(started.step.window)
    yield "Read", plain(readme)
    yield "Find", plain(f"the lines with TODO({slug})")
    yield "Then", plain("grader check, or leave grader watch running")


def show_changes(
    console: Console, changes: Sequence[Change], *, replaced: bool
) -> None:
    """Show how the course's files differ from a student's own."""
    for change in changes:
        told = "was replaced" if replaced else "would be replaced"
        console.print(plain(f"{change.path}: your version {told}.", "bold yellow"))
        console.print(Padding(_diff(change), (0, 0, 0, 2)))


def _diff(change: Change) -> RenderableType:
    yours, new = (
        content.decode("utf-8", "replace").splitlines()
        for content in (change.yours, change.new)
    )
    lines = list(difflib.unified_diff(yours, new, "yours", "new", n=1, lineterm=""))
    shown = [Text(_line(text), DIFF_STYLES.get(text[:1], "")) for text in lines]
    more = len(shown) - MOST_DIFF_LINES
    if more > 0:
        shown[MOST_DIFF_LINES:] = [Text(f"… {more} more lines", style="dim")]
    return Group(*shown)


def _line(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text.expandtabs(4))


def show_reset_plan(console: Console, step: Step, laying: Laying) -> None:
    """Show what starting over would replace."""
    show_changes(console, laying.changes, replaced=False)
    files = ", ".join(laying.files) or "nothing"
    console.print(facts([("Would be laid", plain(files)), ("Step", plain(step.slug))]))


def show_result(
    console: Console,
    result: Result,
    told: Mapping[str, Told],
    wins: Mapping[str, str],
    todos: Mapping[str, Sequence[str]],
) -> None:
    """Show checked steps: the first root cause in full, a line for each other one.

    Args:
        console: Where to.
        result: What came of checking.
        told: Step to what its student is told of the first failure.
        wins: Step to its quick win.
        todos: Step to the places that are still marked as to be done.
    """
    first = next((slug for slug in result.checked.steps if slug in told), None)
    for step in result.steps:
        checks = result.checked.steps[step.slug]
        console.print(_step_line(step, checks))
        failure = first_failure(checks) if step.slug == first else None
        if failure is not None:
            console.print(Padding(_root_cause(failure, told[step.slug]), (0, 0, 0, 2)))
        rest = [c for c in checks if c is not failure and c.outcome != Outcome.PASSED]
        for check in rest:
            console.print(Padding(_one_line(check), (0, 0, 0, 2)))
        if todos.get(step.slug):
            console.print(_still_marked(step, todos[step.slug]))
        elif result.progress.step(step.slug).is_green and wins.get(step.slug):
            console.print(_win(wins[step.slug]))
    for note in (*result.notes, *result.checked.notes):
        console.print(plain(note, "yellow"))


def _win(text: str) -> RenderableType:
    return Padding(Text("Quick win: ", style="bold green") + plain(text), (0, 0, 0, 2))


def _still_marked(step: Step, places: Sequence[str]) -> RenderableType:
    shown = ", ".join(places[:MOST_PLACES])
    more = len(places) - MOST_PLACES
    rest = f" and {more} more" if more > 0 else ""
    told = f"Still marked TODO({step.slug}): {shown}{rest}."
    return Padding(plain(told, "yellow"), (0, 0, 0, 2))


def _step_line(step: Step, checks: Sequence[CheckReport]) -> RenderableType:
    ordinary = [check for check in checks if not check.bonus]
    passed = sum(check.outcome is Outcome.PASSED for check in ordinary)
    mark = MARKS[Outcome.PASSED if passed == len(ordinary) else Outcome.FAILED]
    table = Table.grid(padding=(0, 1), expand=True)
    table.add_column()
    table.add_column(no_wrap=True, min_width=SLUG)
    table.add_column(ratio=1)
    table.add_column(justify="right", no_wrap=True)
    table.add_row(
        Text(*mark),
        plain(step.slug, "bold"),
        plain(step.title),
        Text(f"{passed} of {len(ordinary)} checks", style="dim"),
    )
    return table


def _root_cause(check: CheckReport, told: Told) -> RenderableType:
    rows = [("Seen", plain(check.message))] if check.message else []
    rows += [(rung.label, plain(rung.text)) for rung in told.rungs]
    left = told.all_rungs - len(told.rungs)
    if left:
        more = f"{left} more hint{'s' if left > 1 else ''}: grader hint"
        rows.append(("", Text(more, style="dim")))
    title = Text("✗ ", style="red") + plain(check.title, "bold")
    return Group(title, Padding(facts(rows), (0, 0, 0, 2)))


def _one_line(check: CheckReport) -> Text:
    mark, style = MISSED_BONUS if check.bonus else MARKS[check.outcome]
    line = Text(f"{mark} ", style, no_wrap=True, overflow="ellipsis")
    line.append_text(plain(check.title))
    if check.bonus:
        line.append(" (bonus)", style="dim")
    elif check.outcome is Outcome.SKIPPED:
        line.append(" (waits)", style="dim")
    elif check.outcome is Outcome.BROKEN:
        line += Text(" ") + plain(check.message, "magenta")
    return line


def show_hint(console: Console, step: Step, told: Told) -> None:
    """Show the rungs that a student has by now."""
    console.print(plain(step.slug, "bold") + Text("  ") + plain(told.stuck.title))
    rows = [("Seen", plain(told.stuck.message))] if told.stuck.message else []
    rows += [
        (f"{number}. {rung.label}", plain(rung.text))
        for number, rung in enumerate(told.rungs, 1)
    ]
    console.print(Padding(facts(rows), (0, 0, 0, 2)))
    left = told.all_rungs - len(told.rungs)
    end = f"{left} more: grader hint" if left else "That is all that there is to say."
    console.print(Text(f"  {end}", style="dim"))


def show_progress(
    console: Console, course: Course, progress: Progress, now: datetime
) -> None:
    """Show a bar for each step."""
    table = Table.grid(padding=(0, 1))
    for _ in range(5):
        table.add_column(no_wrap=True)
    table.add_column(overflow="ellipsis", no_wrap=True, style="dim")
    for step in course.steps:
        known = progress.step(step.slug)
        arrow = Text("▸" if step.slug == progress.current else " ", style="bold")
        table.add_row(
            arrow, plain(step.slug, "bold"), *_bar(known), plain(_state(known, now))
        )
    console.print(table)
    green = sum(progress.step(step.slug).is_green for step in course.steps)
    console.print(Text(f"\n{green} of {len(course.steps)} steps are green."))


def _bar(known: StepProgress) -> tuple[Text, Text, Text]:
    share = known.passed / known.checks if known.checks else 0.0
    kind = "done" if known.is_green else "short" if known.checks else "open"
    filled = int(BAR * share)
    bar = Text("█" * filled, style=STYLES[kind])
    bar.append("░" * (BAR - filled), style="dim")
    count = f"{known.passed}/{known.checks}" if known.checks else ""
    return bar, Text(count, style=STYLES[kind]), Text("")


def _state(known: StepProgress, now: datetime) -> str:
    if known.is_green and known.green is not None:
        return f"green since {known.green.astimezone(now.tzinfo):%d %b %H:%M}"
    if known.caught_up:
        return "caught up"
    if known.checks:
        return f"{known.attempts} attempt{'s' if known.attempts != 1 else ''}"
    return "begun" if known.started else ""


def show_handed_in(
    console: Console, course: Course, package: Package, receipt: Receipt
) -> None:
    """Show what was packed, what was left out, and how it stands."""
    size = f"{receipt.files} files, {len(package.content) / 1000:.1f} kB"
    console.print(Text("Packed ", style="bold") + plain(receipt.file, "bold green"))
    rows = [
        ("Holds", plain(size)),
        ("Digest", plain(receipt.sha256)),
        ("Receipt", plain(receipt_path(Path(receipt.file)).name)),
    ]
    console.print(Padding(facts(rows), (0, 0, 0, 2)))
    for note in package.notes:
        console.print(Padding(plain(note, "yellow"), (0, 0, 0, 2)))
    console.print()
    for step in course.steps:
        console.print(_receipt_line(step, receipt.visible[step.slug]))
    console.print()
    short = [slug for slug, step in receipt.visible.items() if step.short]
    told = (
        f"Short: {', '.join(short)}. You can hand in again when more is green."
        if short
        else "All visible checks pass. The hidden ones are tried when it is graded."
    )
    console.print(plain(told))
    console.print(plain(f"Hand in {receipt.file}, and keep the receipt.", "bold"))


def _receipt_line(step: Step, stands: StepReceipt) -> RenderableType:
    mark = MARKS[Outcome.FAILED if stands.short else Outcome.PASSED]
    line = Text(" ").join([Text(*mark), plain(step.slug, "bold")])
    line.pad_right(max(0, SLUG - len(step.slug)))
    line.append(f"  {stands.passed} of {stands.checks} checks", style="dim")
    return line
