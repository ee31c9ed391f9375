"""``moodle``: the CSV that Moodle's gradebook imports.

The teacher maps one column to the user, one to the grade and one to its feedback. One
user whom Moodle does not know, or one grade above 100, refuses the whole file.
"""

import html
from collections.abc import Iterator, Sequence

from grader.disclosure import shown_steps
from grader.gradebook.standing import Standing, Student

from .cells import begins_formula, number, one_line, to_csv
from .exported import Absent, Exported, Settings

USER = {"username": "login", "idnumber": "idnumber", "email": "email"}
MOST = 100.0


def export(standings: Sequence[Standing], settings: Settings) -> Exported:
    """Write a row for each student whom one of Moodle's columns can name."""
    kept = [s for s in standings if any(_user(s.student))]
    title = one_line(settings.title).strip()
    rows = [
        [*USER, title, f"{title} feedback"],
        *(
            [*_user(s.student), _grade(s, settings), _feedback(s, settings)]
            for s in kept
        ),
    ]
    left_out = tuple(
        Absent(s.student.key, "no username, idnumber or email that Moodle could know")
        for s in standings
        if s not in kept
    )
    notes = tuple(_notes(kept, settings))
    return Exported({"moodle.csv": to_csv(rows)}, left_out, notes)


def _user(student: Student) -> list[str]:
    return [one_line(getattr(student, name)) for name in USER.values()]


def _grade(standing: Standing, settings: Settings) -> str:
    score = standing.score
    if score is None or standing.excused:
        return ""
    return number(score if settings.above_100 else min(score, MOST))


def _feedback(standing: Standing, settings: Settings) -> str:
    """Tell the points of each step and why they were missed, as Moodle's HTML."""
    return html.escape(one_line(" ".join(_sentences(standing, settings))), quote=False)


def _sentences(standing: Standing, settings: Settings) -> Iterator[str]:
    report = standing.report
    if report is None:
        yield standing.state
        return
    yield f"Score {number(standing.score)} of {number(standing.max_score)}."
    if standing.penalty:
        yield f"Late: {number(standing.penalty)} points taken off."
    for adjustment in standing.adjustments:
        yield f"{adjustment.points:+g} points: {adjustment.reason}."
    pitfalls = settings.course.pitfalls
    for step, checks in shown_steps(report, pitfalls, settings.disclosure(standing)):
        yield f"{step.slug} {number(step.score)}/{number(step.max_score)}."
        yield from dict.fromkeys(c.diagnosis for c in checks if c.diagnosis)


def _notes(kept: Sequence[Standing], settings: Settings) -> Iterator[str]:
    complete = [
        column
        for column, name in USER.items()
        if kept and all(getattr(s.student, name) for s in kept)
    ]
    if complete:
        yield f"Map the user by {' or '.join(complete)}: every row has it."
    elif kept:
        yield (
            "No one of username, idnumber and email is there for everybody: import "
            "the file once for each, with the rows that have it."
        )
    for standing in kept:
        key, score = standing.student.key, standing.score
        if score is not None and score > MOST and not settings.above_100:
            yield (
                f"{key} has {number(score)}, and 100 was written: Moodle refuses the "
                "file otherwise. With unlimited grades there, export by --above-100."
            )
        if any(begins_formula(cell) for cell in _user(standing.student)):
            yield (
                f"The row of {key} begins like a formula, as Moodle knows it: import "
                "the file, and do not open it in a spreadsheet."
            )
