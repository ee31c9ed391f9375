"""``canvas``: the CSV that Canvas's gradebook imports.

Canvas finds a student by its own id, then the SIS user id, the SIS login id, and last
by the exact name. A name beside an id is not read, so what a spreadsheet would run is
made harmless there; a name alone is left as it is, or Canvas would not know it.
"""

import re
from collections.abc import Sequence

from grader.errors import MisuseError
from grader.gradebook.standing import Standing, Student

from .cells import begins_formula, harmless, number, one_line, to_csv
from .exported import Absent, Exported, Settings

HEADER = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
SENTINEL = "Points Possible"
# Canvas drops a column whose title holds one of these, and says nothing.
DROPPED = re.compile(
    r"(Current|Final) (Score|Points|Grade)|Override (Score|Grade|Status)"
)
EXCUSED = "EX"


def export(standings: Sequence[Standing], settings: Settings) -> Exported:
    """Write a row for each student whom Canvas can find.

    Raises:
        MisuseError: if Canvas would drop a column of this title.
    """
    title = _title(settings.title)
    kept = [s for s in standings if not _why_not(s.student)]
    most = max((s.max_score for s in kept if s.max_score), default=None)
    rows = [
        [*HEADER, title],
        [f"    {SENTINEL}", "", "", "", "", number(most)],
        *([*_identity(s.student), _grade(s)] for s in kept),
    ]
    left_out = tuple(
        Absent(s.student.key, why) for s in standings if (why := _why_not(s.student))
    )
    notes = tuple(_note(s.student) for s in kept if _stays_a_formula(s.student))
    return Exported({"canvas.csv": to_csv(rows)}, left_out, notes)


def _title(title: str) -> str:
    title = one_line(title).strip()
    if not title or DROPPED.search(title) or title in HEADER:
        raise MisuseError(
            problem=f'Canvas reads no grades from a column called "{title}".',
            next_step='Give --title the assignment\'s, with its id: "Lab 1 (12345)".',
        )
    return title


def _grade(standing: Standing) -> str:
    return EXCUSED if standing.excused else number(standing.score)


def _has_id(student: Student) -> bool:
    return bool(student.canvas_id or student.sis_user_id or student.login)


def _why_not(student: Student) -> str:
    name = student.name.strip()
    if not _has_id(student) and not name:
        return "neither an id, a login nor a name that Canvas could know"
    if SENTINEL in name:
        return f'Canvas takes a row of "{SENTINEL}" for the assignment\'s points'
    return ""


def _identity(student: Student) -> list[str]:
    name = harmless(student.name) if _has_id(student) else one_line(student.name)
    ids = (student.canvas_id, student.sis_user_id, student.login, student.section)
    return [name, *map(one_line, ids)]


def _stays_a_formula(student: Student) -> bool:
    return any(begins_formula(cell) for cell in _identity(student))


def _note(student: Student) -> str:
    return (
        f"The row of {student.key} begins like a formula, as Canvas knows it: import "
        "the file, and do not open it in a spreadsheet."
    )
