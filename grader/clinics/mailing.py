"""Write the invitations of a plan as CSV, for a mail merge."""

from collections.abc import Sequence

from grader.exporting.cells import harmless, to_csv

from .guide import Guide
from .schedule import Sitting

HEADER = (
    *("email", "name", "key", "clinic", "starts", "ends", "criterion", "missed"),
    *("about", "try_first", "notebook"),
)


def invitations(sittings: Sequence[Sitting], guide: Guide) -> str:
    """Write a row for each student of each clinic; nothing in it tells of a check."""
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
            harmless(_about(sitting)),
            harmless(_try_first(sitting)),
            guide.notebooks.get(sitting.clinic.group.criterion, ""),
        ]
        for sitting in sittings
        for member in sitting.clinic.members
    ]
    return to_csv([HEADER, *rows], marked=True)


def _about(sitting: Sitting) -> str:
    pitfall = sitting.clinic.group.pitfall
    return pitfall.diagnosis if pitfall else "Something does not work yet."


def _try_first(sitting: Sitting) -> str:
    pitfall = sitting.clinic.group.pitfall
    return pitfall.see if pitfall else ""
