"""Plan clinics: everyone who misses a criterion, by what they miss and why; pure."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from grader.catalog import Course, Pitfall
from grader.disclosure import Disclosure, tells_diagnosis
from grader.gradebook.standing import Standing, Student
from grader.report import CheckReport

from .needs import Need, needs


@dataclass(frozen=True, slots=True)
class Member:
    """A student in a group."""

    student: Student
    missed: tuple[str, ...]
    """All the criteria that they miss."""
    need: Need
    knows: bool
    """Whether the student may be told the mistake."""


@dataclass(frozen=True, slots=True)
class Group:
    """Those who miss a criterion by the same mistake."""

    criterion: str
    cause: str
    pitfall: Pitfall | None
    members: tuple[Member, ...]

    @property
    def title(self) -> str:
        """Say in one sentence what it is about."""
        if self.pitfall is not None:
            return self.pitfall.diagnosis
        return f"Without a name for the reason, this fails: {self.checks()[0].title}"

    def checks(self) -> list[CheckReport]:
        """Give the checks that they failed, the commonest first."""
        counted = Counter(member.need.check.id for member in self.members)
        known = {member.need.check.id: member.need.check for member in self.members}
        return [known[name] for name, _ in counted.most_common()]

    def seen(self) -> list[tuple[str, int]]:
        """Give what the checks saw, the commonest first, and how often."""
        said = (m.need.check.message for m in self.members if m.need.check.message)
        return Counter(said).most_common()


@dataclass(frozen=True, slots=True)
class Clinic:
    """One sitting of a group, or of a part of it."""

    group: Group
    part: int
    parts: int
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """Who is helped with what, and what becomes of everybody else."""

    groups: tuple[Group, ...]
    clinics: tuple[Clinic, ...]
    ungraded: tuple[Standing, ...]
    """There is no report, so nobody knows what they need."""
    excused: tuple[Student, ...]
    points_only: tuple[tuple[Student, tuple[str, ...]], ...]
    """Every criterion met, and yet points lost; with the causes."""
    fine: tuple[Student, ...]


def plan(
    standings: Sequence[Standing],
    course: Course,
    *,
    size: int,
    disclose: Callable[[Standing], Disclosure],
    everyone: bool = False,
) -> Plan:
    """Group a class by criterion and by cause, and cut the groups to size.

    Args:
        standings: The class.
        course: For the pitfalls, and for the order.
        size: How many students a clinic takes.
        disclose: How much of hidden checks a student is shown.
        everyone: Whether those who only lost points are grouped too.
    """
    seats: list[Member] = []
    points_only, fine = [], []
    for standing in standings:
        report = standing.report
        if report is None or standing.excused:
            continue
        lost = tuple(name for name, met in standing.criteria.items() if met is False)
        all_of_it = everyone or not lost
        found = needs(report, course, lost, everything=all_of_it, bonus=everyone)
        if lost or everyone:
            shown = disclose(standing)
            seats += [
                Member(standing.student, lost, need, tells_diagnosis(need.check, shown))
                for need in found
            ]
        if not found:
            fine.append(standing.student)
        elif not lost and not everyone:
            causes = tuple(need.cause for need in found)
            points_only.append((standing.student, causes))
    groups = tuple(_groups(seats, course))
    return Plan(
        groups=groups,
        clinics=tuple(clinic for group in groups for clinic in _cut(group, size)),
        ungraded=tuple(s for s in standings if s.report is None and not s.excused),
        excused=tuple(s.student for s in standings if s.excused),
        points_only=tuple(points_only),
        fine=tuple(fine),
    )


def _groups(seats: Iterable[Member], course: Course) -> Iterator[Group]:
    """Group seats; early steps first, so that nobody learns the second thing first."""
    found: dict[tuple[str, str], list[Member]] = {}
    for seat in seats:
        found.setdefault((seat.need.criterion, seat.need.cause), []).append(seat)
    order = {step.slug: place for place, step in enumerate(course.steps)}

    def place(item: tuple[tuple[str, str], list[Member]]) -> tuple[int, int, str]:
        (_, cause), members = item
        first = min(order.get(m.need.step, len(order)) for m in members)
        return first, -len(members), cause

    for (criterion, cause), members in sorted(found.items(), key=place):
        pitfall = course.pitfalls.get(cause)
        yield Group(criterion, cause, pitfall, tuple(members))


def _cut(group: Group, size: int) -> Iterator[Clinic]:
    """Cut a group into parts of nearly the same size."""
    count = len(group.members)
    parts = -(-count // size)
    for part in range(parts):
        members = group.members[part * count // parts : (part + 1) * count // parts]
        yield Clinic(group, part + 1, parts, members)
