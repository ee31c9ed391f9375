"""Show a proof on the terminal: progress while it runs, gaps, the confusion matrix."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table
from rich.text import Text

from .verifying.diagnosis import Diagnosis
from .verifying.gaps import Gap
from .verifying.judging import Run, judge
from .verifying.proof import Proof

LINES = 10
PARTIAL = "This proves only a part of the course: {what}. Run it without options too."


class Watch(Protocol):
    """Told of each job that is done."""

    def __call__(self, run: Run) -> None:
        """Show it."""


@contextmanager
def progress(screen: Console, jobs: int) -> Iterator[Watch]:
    """Show how far the jobs are: a bar on a terminal, some lines elsewhere."""
    gaps = 0
    done = 0

    def told() -> str:
        return f"{gaps} gap{'' if gaps == 1 else 's'}"

    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=screen,
        transient=True,
        disable=not screen.is_terminal,
    ) as bar:
        task = bar.add_task("Proving", total=jobs)

        def watch(run: Run) -> None:
            nonlocal gaps, done
            done += 1
            gaps += len(list(judge(run)))
            bar.update(task, advance=1, description=f"{told()}, {run.job.label}")
            if (
                not screen.is_terminal
                and done * LINES // jobs > (done - 1) * LINES // jobs
            ):
                screen.print(Text(f"{done} of {jobs} jobs, {told()}"))

        yield watch


def show(proof: Proof, screen: Console, *, warning: str = "") -> None:
    """Show a proof: what it stands on, its diagnoses and every gap."""
    if warning:
        screen.print(Text(warning, style="bold red"))
    if proof.diagnosis.rejects:
        _show_diagnosis(proof.diagnosis, screen)
    for gap in proof.gaps:
        screen.print(_sentence(gap), soft_wrap=not screen.is_terminal)
    _show_sums(proof, screen)
    if proof.selection.is_partial:
        what = ", ".join((*proof.selection.steps, *proof.selection.only))
        screen.print(Text(PARTIAL.format(what=what), style="yellow"))


def _show_diagnosis(diagnosis: Diagnosis, screen: Console) -> None:
    screen.print(
        Text(
            f"Diagnosis: {diagnosis.right} of {diagnosis.rejects} rejects named right; "
            f"precision {_percent(diagnosis.precision)}, "
            f"recall {_percent(diagnosis.recall)}."
        )
    )
    if not diagnosis.confused:
        screen.print(Text("Confusion matrix: nothing off the diagonal."))
        return
    table = Table("Expected", "Diagnosed", "Variants", title="Off the diagonal")
    for (wanted, named), count in sorted(diagnosis.confused.items()):
        table.add_row(Text(wanted), Text(named), Text(str(count)))
    screen.print(table)


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{100 * share:.1f} %"


def _sentence(gap: Gap) -> Text:
    return Text.assemble((f"gap ({gap.rule}) ", "red"), gap.sentence)


def _show_sums(proof: Proof, screen: Console) -> None:
    kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(proof.counts.items()))
    told = (
        f"{proof.checks} checks, {proof.pitfalls} pitfalls; graded {kinds or 'nothing'}"
    )
    screen.print(Text(f"{told} in {proof.duration_s:g} s."))
    count = len(proof.gaps)
    style = "red" if count else "green"
    ended = f"{count} gap{'' if count == 1 else 's'}." if count else "No gap."
    screen.print(Text(ended, style=f"bold {style}"))
