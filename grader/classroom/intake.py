"""Sort what a class handed in: whose it is, what cannot be graded, what is nobody's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from grader.gradebook.standing import Student, Unmatched

from .downloads import Entry, list_entries, works_in
from .naming import Roster


@dataclass(frozen=True, slots=True)
class Work:
    """One student's work, to be graded."""

    student: Student
    place: Path
    submitted_at: datetime | None = None
    marked_late: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """Something of a student that nobody can take for one work."""

    student: Student
    place: Path
    reason: str


@dataclass(frozen=True, slots=True)
class Intake:
    """All that lies in a folder of submissions: each of it is somewhere in here."""

    works: tuple[Work, ...] = ()
    refused: tuple[Refused, ...] = ()
    unmatched: tuple[Unmatched, ...] = ()


@dataclass(frozen=True, slots=True)
class _Owned:
    student: Student
    entry: Entry


@dataclass(slots=True)
class _Sorting:
    works: list[Work] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    unmatched: list[Unmatched] = field(default_factory=list)


def take_in(
    folder: Path, roster: Roster, times: Mapping[str, datetime] | None = None
) -> Intake:
    """Sort what lies in a folder of submissions.

    Args:
        folder: One entry a student, in any form that ``downloads`` knows.
        roster: The class.
        times: When each student handed in, by key, where the download does not say.
    """
    known = times or {}
    sorting = _Sorting()
    owned: dict[str, list[_Owned]] = {}
    for entry in list_entries(folder.resolve()):
        for one in _owners(entry, roster, sorting):
            owned.setdefault(one.student.key, []).append(one)
    for several in owned.values():
        _take(several, sorting)
    return Intake(
        tuple(
            replace(work, submitted_at=known.get(work.student.key, work.submitted_at))
            for work in sorting.works
        ),
        tuple(sorting.refused),
        tuple(sorting.unmatched),
    )


def _owners(entry: Entry, roster: Roster, sorting: _Sorting) -> list[_Owned]:
    found = []
    for claim in entry.claims:
        match = roster.match(claim)
        if match.student is None:
            sorting.unmatched.append(Unmatched(str(entry.place), match.reason))
        else:
            found.append(_Owned(match.student, entry))
    if not entry.claims:
        reason = "the export does not say whose it is"
        sorting.unmatched.append(Unmatched(str(entry.place), reason))
    return found


def _take(several: Sequence[_Owned], sorting: _Sorting) -> None:
    """Take the one work among a student's entries."""
    candidates = [one for one in several if _may_be_work(one.entry)]
    if len(candidates) == 1:
        (one,) = candidates
        place, problem = _inside(one.entry.place)
        if not problem:
            late = one.entry.marked_late
            came = one.entry.submitted_at
            sorting.works.append(Work(one.student, place, came, late))
        else:
            sorting.refused.append(Refused(one.student, place, problem))
        others = [each for each in several if each is not one]
        beside = f"is beside {one.entry.place.name}, which was graded"
    else:
        others = list(several)
        names = ", ".join(each.entry.place.name for each in several)
        beside = (
            f"one of several works: leave one of {names}"
            if candidates
            else "single files: put them into a folder or a zip of the student's name"
        )
    for each in others:
        sorting.refused.append(Refused(each.student, each.entry.place, beside))


def _may_be_work(entry: Entry) -> bool:
    return entry.alone or entry.place.suffix.lower() == ".zip"


def _inside(place: Path) -> tuple[Path, str]:
    """Step into a folder that only wraps a zip."""
    if not place.is_dir() or place.is_symlink():
        return place, ""
    try:
        zips = list(works_in(place))
    except OSError as error:
        return place, f"it cannot be read: {error.strerror}"
    if len(zips) > 1:
        names = ", ".join(path.name for path in zips)
        return place, f"it holds several zips: leave one of {names}"
    return (zips[0] if zips else place), ""
