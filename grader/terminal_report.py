"""Show a report to a person at a terminal."""

from collections.abc import Iterator, Mapping

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from .catalog import Pitfall
from .report import CheckReport, Outcome, Report, StepReport
from .scoring import worth
from .terminal import number, plain

MARKS = {
    Outcome.PASSED: ("✓", "green"),
    Outcome.FAILED: ("✗", "red"),
    Outcome.SKIPPED: ("-", "yellow"),
    Outcome.BROKEN: ("!", "bold magenta"),
}
MISSED_BONUS = ("○", "dim")
MET = {True: ("✓", "green"), False: ("✗", "red"), None: ("-", "dim")}
INDENT = (0, 0, 0, 4)
BROKEN = (
    "{count} broke. That is the grader's mistake, not the submission's: what broke "
    "earns nothing in this report, so do not record it as a grade."
)


def show_report(
    console: Console,
    report: Report,
    pitfalls: Mapping[str, Pitfall],
    *,
    verbose: bool = False,
) -> None:
    """Show a report: what fell short in full, what passed in one line a step.

    Args:
        console: Where to.
        report: What to show.
        pitfalls: The course's, for the diagnoses.
        verbose: Whether to show every check and the evidence, as for an instructor.
    """
    console.print(_heading(report))
    everything = (*report.steps, *report.practice)
    titles = {check.id: check for step in everything for check in step.checks}
    for steps in (report.steps, report.practice):
        width = max((len(step.slug) for step in steps), default=0)
        if steps is report.practice and steps:
            console.print(Text("\nNotebooks: practice, beside the score", style="dim"))
        for step in steps:
            console.print(_step_line(step, width))
            for part in _details(step, titles, pitfalls, verbose=verbose):
                console.print(Padding(part, INDENT))
    console.print()
    console.print(_facts(report, verbose=verbose))
    console.print(_summary(report))


def _heading(report: Report) -> RenderableType:
    about = report.submission
    facts = f"  {about.kind}, {about.layout} layout"
    line = plain(about.name, "bold") + Text(facts, style="dim")
    return Group(line, Text())


def _step_line(step: StepReport, width: int) -> RenderableType:
    """Give one line a step; ``width`` is the longest slug's, so that titles align."""
    table = Table.grid(padding=(0, 1), expand=True)
    table.add_column()
    table.add_column(min_width=width)
    table.add_column(ratio=1)
    table.add_column(justify="right", no_wrap=True)
    table.add_column(justify="right", no_wrap=True, min_width=11)
    full = step.score >= step.max_score if step.checks else None
    ordinary = [check for check in step.checks if not check.bonus]
    passed = sum(check.outcome is Outcome.PASSED for check in ordinary)
    score = f"{number(step.score)} / {number(step.max_score)}"
    extra = f" +{number(step.bonus)}" if step.bonus else ""
    table.add_row(
        Text(*MET[full]),
        plain(step.slug, "bold"),
        plain(step.title),
        Text(f"{passed} of {len(ordinary)} checks", style="dim"),
        Text(score, style="bold") + Text(extra, style="green"),
    )
    return table


def _details(
    step: StepReport,
    known: Mapping[str, CheckReport],
    pitfalls: Mapping[str, Pitfall],
    *,
    verbose: bool,
) -> Iterator[RenderableType]:
    """Tell what did not pass; group what one failure dragged down."""
    if step.on_reference is not None:
        yield _both_scores(step)
    again = {check.id: check.outcome for check in step.reference_checks}
    dragged: dict[str, list[CheckReport]] = {}
    for check in step.checks:
        if check.outcome is Outcome.SKIPPED and check.because and not verbose:
            dragged.setdefault(_root(check, known), []).append(check)
        elif check.outcome is not Outcome.PASSED or verbose:
            passed_again = again.get(check.id) is Outcome.PASSED
            yield from _check(
                check, known, pitfalls, verbose=verbose, passed_again=passed_again
            )
    for cause, checks in dragged.items():
        yield _dragged(cause, checks, known)


def _both_scores(step: StepReport) -> Text:
    own, other = number(step.own), number(step.on_reference or 0)
    return Text(
        f"{own} on your own earlier steps, {other} on right ones; "
        f"{number(step.score)} counts.",
        style="cyan",
    )


def _root(check: CheckReport, known: Mapping[str, CheckReport]) -> str:
    """Follow what skipped a check back to what did not pass by itself."""
    seen = {check.id}
    while check.because and check.because[0] not in seen:
        seen.add(check.because[0])
        if check.because[0] not in known:
            return check.because[0]
        check = known[check.because[0]]
    return check.id


def _title(identity: str, known: Mapping[str, CheckReport]) -> str:
    return known[identity].title if identity in known else identity


def _dragged(
    cause: str, checks: list[CheckReport], known: Mapping[str, CheckReport]
) -> Text:
    points = number(worth(check for check in checks if not check.bonus))
    count = f"{len(checks)} check{'s' if len(checks) > 1 else ''}"
    line = Text("- ", style="yellow")
    line.append(f"{count} ({points} points) skipped until this passes: ")
    return line + plain(_title(cause, known), "italic")


def _check(
    check: CheckReport,
    known: Mapping[str, CheckReport],
    pitfalls: Mapping[str, Pitfall],
    *,
    verbose: bool,
    passed_again: bool,
) -> Iterator[RenderableType]:
    missed_bonus = check.bonus and check.outcome is Outcome.FAILED
    mark, style = MISSED_BONUS if missed_bonus else MARKS[check.outcome]
    table = Table.grid(padding=(0, 1), expand=True)
    table.add_column()
    table.add_column(ratio=1)
    table.add_column(justify="right", no_wrap=True)
    title = plain(check.title)
    if check.bonus:
        title += Text(" (bonus)", style="dim")
    if passed_again:
        title += Text(" (passes on right earlier steps)", style="cyan")
    points = f"{number(check.points)} / {number(check.max_points)}"
    table.add_row(Text(mark, style=style), title, Text(points, style="dim"))
    yield table
    lines = list(_explanation(check, known, pitfalls, verbose=verbose))
    if lines:
        inner = Table.grid(padding=(0, 1))
        inner.add_column(style="dim", no_wrap=True)
        inner.add_column(overflow="fold")
        for label, text in lines:
            inner.add_row(label, text)
        yield Padding(inner, (0, 0, 0, 2))


def _explanation(
    check: CheckReport,
    known: Mapping[str, CheckReport],
    pitfalls: Mapping[str, Pitfall],
    *,
    verbose: bool,
) -> Iterator[tuple[str, Text]]:
    if check.message:
        yield "Seen", plain(check.message)
    if check.because:
        needs = ", ".join(f"“{_title(need, known)}”" for need in check.because)
        yield "Needs", plain(needs)
    if check.pitfall is not None:
        pitfall = pitfalls.get(check.pitfall)
        diagnosis = plain(pitfall.diagnosis, "yellow") if pitfall else Text()
        yield "Why", diagnosis + Text(" ") + plain(f"({check.pitfall})", "dim")
    if check.hint:
        yield "Try", plain(check.hint)
    if verbose:
        for line in check.evidence:
            yield "·", plain(line, "dim")


def _facts(report: Report, *, verbose: bool) -> RenderableType:
    about, by = report.submission, report.grader
    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    found = " · ".join(f"{role} {path}" for role, path in about.found.items())
    if found:
        table.add_row("Found", plain(found, "dim"))
    if about.missing:
        table.add_row("Missing", plain(", ".join(about.missing), "yellow"))
    for note in about.notes:
        table.add_row("Note", plain(note))
    isolation = (
        "no sandbox" if by.sandbox in {"none", "fresh"} else f"{by.sandbox} sandbox"
    )
    run = f"{isolation} · policy {by.policy} · --seed {by.seed} · "
    table.add_row("Run", Text(f"{run}{report.duration_s:.1f} s", style="dim"))
    if verbose:
        packages = " · ".join(f"{name} {at}" for name, at in by.packages.items())
        table.add_row("With", plain(packages, "dim"))
    return table


def _summary(report: Report) -> RenderableType:
    parts: list[RenderableType] = []
    broken = sum(
        check.outcome is Outcome.BROKEN
        for step in (*report.steps, *report.practice)
        for check in (*step.checks, *step.reference_checks)
    )
    if broken or report.warnings:
        parts.append(Text())
    if broken:
        count = f"{broken} check{'s' if broken > 1 else ''}"
        parts.append(Text(BROKEN.format(count=count), style="bold magenta"))
    parts += [plain(warning, "bold red") for warning in report.warnings]
    criteria = Text("Criteria", style="dim")
    for name, met in report.criteria.items():
        mark, style = MET[met]
        criteria += Text(f"   {mark} ", style=style) + plain(name)
    parts += [Text(), criteria]
    checks = [check for step in report.steps for check in step.checks]
    most = worth(checks, bonus=True)
    score = Text("Score      ", style="dim")
    score += Text(f"{number(report.score)} / {number(report.max_score)}", "bold")
    if most:
        score += Text(f"   bonus {number(report.bonus)} / {number(most)}")
    if report.practice:
        earned, could = (
            number(sum(float(getattr(p, name)) for p in report.practice))
            for name in ("score", "max_score")
        )
        score += Text(f"   notebooks {earned} / {could}")
    return Group(*parts, score)
