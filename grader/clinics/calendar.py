"""Write the clinics of a plan as a calendar that every calendar program reads."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime

from icalendar import Calendar, Event

from .guide import Guide
from .planning import Clinic
from .schedule import Sitting

PRODUCT = "-//movie-service-lab//grader clinic//EN"


def calendar(
    sittings: Sequence[Sitting], guide: Guide, *, title: str, made_at: datetime
) -> bytes:
    """Write one event a clinic; nobody's name is in it, so it may be shared.

    The same clinic has the same UID in every plan, so importing again moves it.
    """
    whole = Calendar()
    whole.add("prodid", PRODUCT)
    whole.add("version", "2.0")
    whole.add("calscale", "GREGORIAN")
    whole.add("method", "PUBLISH")
    for sitting in sittings:
        whole.add_component(_event(sitting, guide, title, made_at))
    written: bytes = whole.to_ical()
    return written


def _event(sitting: Sitting, guide: Guide, title: str, made_at: datetime) -> Event:
    clinic, group = sitting.clinic, sitting.clinic.group
    part = f" ({clinic.part} of {clinic.parts})" if clinic.parts > 1 else ""
    notebook = guide.notebooks.get(group.criterion, "")
    lines = [
        _about(clinic),
        f"{len(clinic.members)} students",
        *([f"Notebook: {notebook}"] if notebook else []),
    ]
    event = Event()
    event.add("uid", _identity(title, group.criterion, group.cause, str(clinic.part)))
    event.add("dtstamp", made_at.astimezone(UTC).replace(microsecond=0))
    event.add("dtstart", sitting.starts.astimezone(UTC))
    event.add("dtend", sitting.ends.astimezone(UTC))
    event.add("summary", f"Clinic {sitting.number}: {group.criterion}{part}")
    event.add("description", "\n".join(lines))
    event.add("categories", [group.criterion])
    return event


def _about(clinic: Clinic) -> str:
    """Tell the mistake where everybody who comes may know it."""
    pitfall = clinic.group.pitfall
    known = pitfall and all(member.knows for member in clinic.members)
    return pitfall.diagnosis if pitfall and known else "See the sheet."


def _identity(*names: str) -> str:
    digest = hashlib.sha256("\0".join(names).encode("utf-8")).hexdigest()
    return f"{digest[:32]}@clinics.movie-service-lab"
