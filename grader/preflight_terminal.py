"""Show what the preflight found and what to do about it."""

from collections.abc import Iterable

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from .student.preflight import QUESTION, Finding, Verdict
from .terminal import plain

MARKS = {
    Verdict.READY: ("✓", "green"),
    Verdict.USABLE: ("!", "yellow"),
    Verdict.MISSING: ("✗", "red"),
}
NAME = 9
ASK = 'Bring one question: grader preflight --question "…"'


def show_findings(console: Console, findings: Iterable[Finding]) -> list[Finding]:
    """Show each finding as it comes; return them all."""
    shown = []
    for finding in findings:
        table = Table.grid(padding=(0, 1))
        table.add_column()
        table.add_column(min_width=NAME, no_wrap=True)
        table.add_column(overflow="fold")
        mark = Text(*MARKS[finding.verdict])
        table.add_row(mark, plain(finding.name, "bold"), plain(finding.seen))
        if finding.next_step:
            table.add_row("", "", Text("→ ", "cyan") + plain(finding.next_step))
        console.print(table)
        shown.append(finding)
    return shown


def show_summary(console: Console, findings: Iterable[Finding], question: str) -> None:
    """Say whether class can begin, and what became of the question."""
    missing = [f.name for f in findings if f.verdict is Verdict.MISSING]
    told = (
        plain(f"Not ready yet: {', '.join(missing)}.", "bold red")
        if missing
        else Text("You are ready for class.", "bold green")
    )
    console.print(Padding(told, (1, 0, 0, 0)))
    if question:
        console.print(plain(f"Your question for class, kept in {QUESTION}:", "dim"))
        console.print(Padding(plain(question, "italic"), (0, 0, 0, 2)))
    else:
        console.print(plain(ASK, "yellow"))
