"""Write the invitations of a plan as CSV, for a mail merge."""

from collections.abc import Sequence

from grader.disclosure import is_hidden
from grader.exporting.cells import harmless, to_csv

from .guide import Guide
from .planning import Group, Member
from .schedule import Sitting

HEADER = (
    *("email", "name", "key", "clinic", "starts", "ends", "criterion", "missed"),
    *("about", "try_first", "notebook"),
)


def invitations(sittings: Sequence[Sitting], guide: Guide) -> str:
    """Write a row for each student of each clinic; it tells what they may know."""
    rows = [
        [
            harmless(member.student.email),
            harmless(member.student.name),
            harmless(member.student.key),
            str(sitting.number),
            sitting.starts.isoformat(timespec="minutes"),
            sitting.ends.isoformat(timespec="minutes"),
            sitting.clinic.group.criterion,
            " ".join(member.missed),
            harmless(_about(member, sitting.clinic.group)),
            harmless(_try_first(member, sitting.clinic.group)),
            guide.notebooks.get(sitting.clinic.group.criterion, ""),
        ]
        for sitting in sittings
        for member in sitting.clinic.members
    ]
    return to_csv([HEADER, *rows], marked=True)


def _about(member: Member, group: Group) -> str:
    if member.knows and group.pitfall:
        return group.pitfall.diagnosis
    return f"The criterion {group.criterion}: something in it does not work yet."


def _try_first(member: Member, group: Group) -> str:
    known = group.pitfall if not is_hidden(member.need.check) else None
    return known.see if known else ""
