"""Write what a teaching assistant holds in a clinic, and the plan of all; Markdown."""

import shlex
from collections.abc import Iterator, Sequence

from grader.gradebook.standing import Student
from grader.safe_names import safe_names

from .guide import Guide
from .markdown import code, text
from .planning import Group, Plan
from .schedule import Sitting

MOST_SEEN = 3
TIMES = "%a %Y-%m-%d %H:%M"
BY_HAND = "Open a workspace by the command above, and run the command that it prints."


def sheet_name(place: int, group: Group) -> str:
    """Name the sheet of a group by its place in the plan and its cause."""
    return f"{place:02}-{safe_names([group.cause])[0]}.md"


def sheet(group: Group, sittings: Sequence[Sitting], guide: Guide) -> str:
    """Write the sheet of one group."""
    return "\n".join(_sheet(group, sittings, guide)) + "\n"


def _sheet(group: Group, sittings: Sequence[Sitting], guide: Guide) -> Iterator[str]:
    pitfall = group.pitfall
    see = pitfall.see if pitfall else BY_HAND
    yield f"# {group.title}"
    yield ""
    facts = [f"criterion **{text(group.criterion)}**", f"`{group.cause}`"]
    if pitfall:
        facts.append(f"handout: {pitfall.handout}")
    yield " · ".join(facts)
    yield ""
    yield "For teaching assistants: it may tell what hidden checks look at."
    yield from _who(sittings)
    yield from _part("Symptom", group.title, "")
    for message, times in group.seen()[:MOST_SEEN]:
        yield f"- seen {times} times: {text(message)}"
    yield from _part("Shortest reproduction", see)
    yield from _part("Ask first", f"> {guide.question(group.cause)}")
    yield from _part("Five-minute drill", *_drill(group, see))
    notebook = guide.notebooks.get(group.criterion, "")
    if notebook:
        yield from _part("Notebook", f"`{notebook}`")
    yield from _part("Fixed looks like")
    for check in group.checks():
        yield f"- {text(check.title)} (`{check.id}`)"
    yield "- The student can say in one sentence what was wrong, without this sheet."


def _part(title: str, *lines: str) -> Iterator[str]:
    yield from ("", f"## {title}", "")
    yield from lines


def _who(sittings: Sequence[Sitting]) -> Iterator[str]:
    yield from _part("Who")
    for sitting in sittings:
        starts, ends = sitting.starts, sitting.ends
        yield f"**Clinic {sitting.number}**, {starts:{TIMES}} to {ends:%H:%M %Z}"
        yield ""
        for member in sitting.clinic.members:
            lost = ", ".join(map(text, member.missed))
            lost = f"misses {lost}" if lost else "criteria met"
            opening = code(f"grader clinic open {shlex.quote(member.student.key)}")
            yield f"- {_who_is(member.student)}: {lost}; {opening}"
        yield ""


def _drill(group: Group, see: str) -> Iterator[str]:
    """Predict, look, explain, change one thing, look again."""
    pitfall = group.pitfall
    yield "1. *1 min* — Ask the question. Everybody writes an answer; nobody tells."
    yield f"2. *1 min* — Do it: {see}"
    yield "3. *1 min* — Whose answer was right? Let a student say why it happens."
    if pitfall:
        yield f"   It happens so: {pitfall.why}"
    yield "4. *1 min* — Change one thing, in the student's own file."
    if pitfall:
        yield f"   The way out, if nobody finds it: {pitfall.way_out}"
    yield "5. *1 min* — Do it again, then run the check."


def overview(
    plan: Plan, sittings: Sequence[Sitting], names: Sequence[str], title: str
) -> str:
    """Write the plan of all clinics, and what becomes of everybody else."""
    return "\n".join(_overview(plan, sittings, names, title)) + "\n"


def _overview(
    plan: Plan, sittings: Sequence[Sitting], names: Sequence[str], title: str
) -> Iterator[str]:
    yield f"# Clinics: {text(title)}"
    yield ""
    if sittings:
        yield "| clinic | when | criterion | about | students | sheet |"
        yield "|---|---|---|---|---|---|"
    places = {id(group): name for group, name in zip(plan.groups, names, strict=True)}
    for sitting in sittings:
        clinic = sitting.clinic
        part = f" ({clinic.part} of {clinic.parts})" if clinic.parts > 1 else ""
        name = places[id(clinic.group)]
        yield (
            f"| {sitting.number} | {sitting.starts.strftime(TIMES)} | "
            f"{text(clinic.group.criterion)} | {text(clinic.group.title)}{part} | "
            f"{len(clinic.members)} | [{clinic.group.cause}]({name}) |"
        )
    if plan.ungraded:
        yield from _part("No report: ask them")
        for standing in plan.ungraded:
            yield f"- {_who_is(standing.student)}: {text(standing.state)}"
    if plan.points_only:
        yield from _part("Every criterion met, points lost")
        for student, causes in plan.points_only:
            names = ", ".join(map(code, causes))
            yield f"- {_who_is(student)}: {names}"
    if plan.excused:
        yield from _part("Excused", *(f"- {_who_is(each)}" for each in plan.excused))
    yield from _part("Nothing to repair", f"{len(plan.fine)} students.")


def _who_is(student: Student) -> str:
    return f"{text(student.name or student.key)} ({code(student.key)})"
