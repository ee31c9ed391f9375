"""The labs on a clock: what a class should be at, and how a student keeps pace."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from grader.catalog import Course, Part
from grader.errors import MisuseError

from .progress import Progress

CLOCK = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)")
HALF_A_DAY = timedelta(hours=12)
A_DAY = timedelta(days=1)
Kind = Literal["step", "break"]


@dataclass(frozen=True, slots=True)
class Slot:
    """A stretch of class: a step, or a break."""

    kind: Kind
    part: str
    name: str
    """The step's slug."""
    title: str
    begins: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class Row:
    """A slot as it stands now."""

    slot: Slot
    green: bool
    share: float
    """How much of it has passed, from 0 to 1."""


@dataclass(frozen=True, slots=True)
class Picture:
    """The labs at one moment."""

    now: datetime
    rows: tuple[Row, ...]
    current: Slot | None
    """What class is at; None before it begins, between its slots and after its end."""
    next: Slot | None
    at: Slot | None
    """The first step that is not green."""
    behind: timedelta
    """How far the student is behind the plan; ahead of it if negative."""

    @property
    def is_over(self) -> bool:
        """Say whether the last slot has ended."""
        return self.current is None and self.next is None

    @property
    def left(self) -> timedelta:
        """Return the time that is left of the current slot, or until the next."""
        if self.current is not None:
            return self.current.ends - self.now
        return self.next.begins - self.now if self.next is not None else timedelta()


def choose_part(course: Course, name: str | None) -> Part:
    """Return a part of the course by its name; the first one without it.

    Raises:
        MisuseError: if there is none.
    """
    names = [part.name for part in course.parts]
    for part in course.parts:
        if name is None or part.name.casefold() == name.strip().casefold():
            return part
    raise MisuseError(
        problem=f'There is no part "{name}".' if names else "This course has no plan.",
        next_step=f"The parts are {', '.join(names)}."
        if names
        else "Its course.toml needs [[parts]], its checkpoints part and minutes.",
    )


def read_clock(text: str | None, now: datetime) -> datetime:
    """Return the moment nearest to now at which a clock shows ``HH:MM``; now without.

    Raises:
        MisuseError: if the text is no time of day.
    """
    if text is None:
        return now.replace(second=0, microsecond=0)
    found = CLOCK.fullmatch(text.strip())
    if found is None:
        raise MisuseError(
            problem=f"{text!r} is no time of day.",
            next_step="Give hours and minutes: --start 14:10",
        )
    hour, minute = map(int, found.groups())
    moment = now.replace(hour=hour, minute=minute, second=0, microsecond=0)
    if moment - now > HALF_A_DAY:
        return moment - A_DAY
    return moment + A_DAY if now - moment > HALF_A_DAY else moment


def plan(course: Course, first: Part, start: datetime) -> tuple[Slot, ...]:
    """Lay a part, what follows it and the breaks between them on the clock."""
    slots: list[Slot] = []
    parts = course.parts[course.parts.index(first) :]
    for part in parts:
        slots += _steps(course, part, start)
        start += timedelta(minutes=part.minutes)
        if part.pause and part is not parts[-1]:
            ends = start + timedelta(minutes=part.pause)
            slots.append(Slot("break", part.name, "break", "Break", start, ends))
            start = ends
    return tuple(slots)


def _steps(course: Course, part: Part, start: datetime) -> Iterator[Slot]:
    for step in course.steps:
        if step.part == part.name and step.minutes is not None:
            begins, ends = (start + timedelta(minutes=m) for m in step.minutes)
            yield Slot("step", part.name, step.slug, step.title, begins, ends)


def picture(now: datetime, slots: Sequence[Slot], progress: Progress) -> Picture:
    """Say how the plan stands at a moment, with what is green by then."""
    rows = tuple(
        Row(slot, progress.step(slot.name).is_green, _share(now, slot))
        for slot in slots
    )
    at = next((r.slot for r in rows if r.slot.kind == "step" and not r.green), None)
    return Picture(
        now=now,
        rows=rows,
        current=next((s for s in slots if s.begins <= now < s.ends), None),
        next=next((s for s in slots if now < s.begins), None),
        at=at,
        behind=_behind(now, at),
    )


def _share(now: datetime, slot: Slot) -> float:
    share = (now - slot.begins) / (slot.ends - slot.begins)
    return min(1.0, max(0.0, share))


def _behind(now: datetime, at: Slot | None) -> timedelta:
    """Compare the step that a student is at with when class is at it."""
    if at is None:
        return timedelta()
    if now >= at.ends:
        return now - at.ends
    return now - at.begins if now < at.begins else timedelta()
