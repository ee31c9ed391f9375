"""Show the labs on a clock."""

import math
from collections.abc import Callable
from datetime import timedelta

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.table import Table
from rich.text import Text

from .student.timeline import Picture, Row, Slot
from .terminal import plain

BAR = 16
WIDE = 100
KEYS = "q quit"


def draw(picture: Picture, width: int) -> RenderableType:
    """Draw the labs at one moment."""
    table = Table.grid(padding=(0, 1))
    table.add_column(width=1)
    table.add_column(no_wrap=True, min_width=10)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    if width >= WIDE:
        table.add_column(no_wrap=True, overflow="ellipsis")
    part = ""
    for row in picture.rows:
        if row.slot.part != part:
            part = row.slot.part
            table.add_row("", Text(f"Part {part}", style="bold underline"))
        cells = _cells(row, is_current=row.slot is picture.current)
        table.add_row(*cells, *([plain(row.slot.title)] if width >= WIDE else []))
    return Group(_headline(picture), Text(), table, Text(), _pace(picture))


def _headline(picture: Picture) -> Text:
    clock = Text(f"{picture.now:%H:%M:%S}  ", style="bold")
    left = _clock(picture.left)
    if picture.current is not None and picture.current.kind == "break":
        return clock + Text(f"Break: {left} left", style="bold cyan")
    if picture.current is not None:
        told = plain(f"{picture.current.name}: {picture.current.title}", "bold green")
        return clock + told + Text(f"   {left} left", style="bold")
    if picture.next is not None:
        told = plain(f"Nothing yet. {picture.next.name} begins in")
        return clock + told + Text(f" {left}", style="bold")
    return clock + Text("Class is over.", style="bold")


def _cells(row: Row, *, is_current: bool) -> tuple[Text, Text, Text, Text]:
    slot = row.slot
    mark = Text("✓", "green") if row.green else Text("▸" if is_current else " ", "bold")
    style = "bold" if is_current else "dim" if row.share >= 1 else ""
    filled = math.floor(BAR * row.share)
    bar = Text("█" * filled, "cyan" if slot.kind == "break" else "green")
    bar.append("░" * (BAR - filled), style="dim")
    return mark, plain(slot.name, style), Text(_window(slot), style), bar


def _window(slot: Slot) -> str:
    return f"{slot.begins:%H:%M} to {slot.ends:%H:%M}"


def _pace(picture: Picture) -> Text:
    if picture.at is None:
        return Text("Every step is green.", style="bold green")
    minutes = math.floor(abs(picture.behind) / timedelta(minutes=1))
    at = plain(picture.at.name, "bold")
    if not minutes:
        return Text("On plan", style="green") + Text(", at ") + at
    unit = "minute" if minutes == 1 else "minutes"
    if picture.behind > timedelta():
        told = Text(f"{minutes} {unit} behind plan", style="yellow")
        return told + Text(", at ") + at + Text(": grader hint, or ask", style="dim")
    return Text(f"{minutes} {unit} ahead of plan", style="green") + Text(", at ") + at


def _clock(left: timedelta) -> str:
    seconds = max(0, math.ceil(left.total_seconds()))
    hours, rest = divmod(seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def show_once(console: Console, picture: Picture) -> None:
    """Show the labs as they are now."""
    console.print(draw(picture, console.width))


def show_live(
    console: Console,
    look: Callable[[], Picture],
    key: Callable[[], str],
    wait: Callable[[], None],
) -> None:
    """Show the labs until they are over or somebody quits."""
    footer = plain(KEYS, "dim")
    with Live(console=console, auto_refresh=False) as live:
        while True:
            picture = look()
            live.update(Group(draw(picture, console.width), footer), refresh=True)
            if picture.is_over or key() == "q":
                return
            wait()
