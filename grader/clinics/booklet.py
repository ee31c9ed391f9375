"""Put a plan together: one sheet a group, the invitations and the calendar; pure."""

from collections.abc import Sequence
from datetime import datetime

from .calendar import calendar
from .guide import Guide
from .mailing import invitations
from .planning import Plan
from .schedule import Sitting
from .sheets import overview, sheet, sheet_name

OVERVIEW = "README.md"
INVITATIONS = "invitations.csv"
CALENDAR = "clinics.ics"


def booklet(
    plan: Plan,
    sittings: Sequence[Sitting],
    guide: Guide,
    *,
    title: str,
    made_at: datetime,
) -> dict[str, bytes]:
    """Write all files of a plan, by their names."""
    names = [sheet_name(place, group) for place, group in enumerate(plan.groups, 1)]
    sheets = {
        name: sheet(group, [s for s in sittings if s.clinic.group is group], guide)
        for name, group in zip(names, plan.groups, strict=True)
    }
    texts = {
        OVERVIEW: overview(plan, sittings, names, title),
        **sheets,
        INVITATIONS: invitations(sittings, guide),
    }
    files = {name: content.encode("utf-8") for name, content in texts.items()}
    files[CALENDAR] = calendar(sittings, guide, title=title, made_at=made_at)
    return files
