"""Give clinics times: one after the other, on weekdays, in working hours; pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import islice

from grader.errors import MisuseError

from .planning import Clinic

OPENS = time(9)
CLOSES = time(17)
WEEKEND = (5, 6)


@dataclass(frozen=True, slots=True)
class Sitting:
    """A clinic at a time."""

    number: int
    clinic: Clinic
    starts: datetime
    ends: datetime


def next_morning(now: datetime) -> datetime:
    """Give the opening hour of the next weekday."""
    day = now + timedelta(days=1)
    while day.weekday() in WEEKEND:
        day += timedelta(days=1)
    return datetime.combine(day.date(), OPENS, now.tzinfo)


def schedule(
    clinics: Sequence[Clinic],
    *,
    first: datetime,
    before: datetime | None,
    minutes: int,
) -> tuple[Sitting, ...]:
    """Give each clinic a time from the first one on.

    Raises:
        MisuseError: if the last would end too late.
    """
    times = list(islice(_times(first, timedelta(minutes=minutes)), len(clinics)))
    if before is not None and times and times[-1][1] > before:
        fitting = sum(end <= before for _, end in times)
        raise MisuseError(
            problem=f"{len(clinics)} clinics of {minutes} minutes end at "
            f"{times[-1][1]:%Y-%m-%d %H:%M}; {fitting} of them fit before "
            f"{before:%Y-%m-%d %H:%M}.",
            next_step="Begin earlier (--from), take more to a clinic (--size) or make "
            "them shorter (--minutes).",
        )
    return tuple(
        Sitting(number, clinic, *at)
        for number, (clinic, at) in enumerate(zip(clinics, times, strict=True), 1)
    )


def _times(first: datetime, length: timedelta) -> Iterator[tuple[datetime, datetime]]:
    """Give times of a length, for ever."""
    start = first
    while True:
        opens = datetime.combine(start.date(), OPENS, start.tzinfo)
        closes = datetime.combine(start.date(), CLOSES, start.tzinfo)
        if start.weekday() in WEEKEND or start + length > closes:
            start = next_morning(start)
            continue
        start = max(start, opens)
        yield start, start + length
        start += length
