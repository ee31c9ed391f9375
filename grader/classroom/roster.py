"""Read rosters and times: CSV files as several systems write them."""

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from grader.errors import MisuseError
from grader.gradebook.standing import Student

from .naming import Claim, Clue, Roster

# What a column is called, in small letters and digits alone.
COLUMNS = {
    "key": ("key",),
    "name": ("name", "fullname", "student", "studentname", "displayname"),
    "first": ("firstname", "givenname", "forename", "first"),
    "last": ("lastname", "surname", "familyname", "last"),
    "email": ("email", "emailaddress", "mail"),
    "login": ("login", "username", "sisloginid", "loginid", "githubusername"),
    "idnumber": ("idnumber", "sid", "studentid", "studentnumber", "matriculation"),
    "canvas_id": ("canvasid", "canvasuserid"),
    "sis_user_id": ("sisuserid",),
    "section": ("section", "sections", "group", "groups"),
}
KEYS = ("key", "login", "email", "idnumber", "sis_user_id", "canvas_id", "name")
NOBODY = re.compile(r"\s*Points Possible\b|Student, Test$")
PLAIN = re.compile(r"[^a-z0-9]")
NEXT_STEP = "docs/instructor.md lists the columns that a roster may have."


def read_roster(path: Path) -> list[Student]:
    """Read the students of a roster; each gets a key that is unique.

    Raises:
        MisuseError: if it is no table of students.
    """
    header, *rows = _table(path)
    places = _places(header)
    if not set(places) & {*KEYS, "first", "last"}:
        raise _wrong(path, f"none of its columns names anybody: {', '.join(header)}")
    found = [_student(row, places) for row in rows]
    students = [
        student
        for student in found
        if student != Student("") and not NOBODY.match(student.name)
    ]
    if not students:
        raise _wrong(path, "it has no students")
    name = next((name for name in KEYS if _identifies(students, name)), None)
    if name is None:
        raise _wrong(path, _twice(students))
    return [replace(student, key=getattr(student, name)) for student in students]


def read_times(
    path: Path, roster: Roster, aware: Callable[[datetime], datetime]
) -> dict[str, datetime]:
    """Read when students handed in: columns ``student`` and ``submitted``.

    Raises:
        MisuseError: if a line names nobody or no time.
    """
    header, *rows = _table(path)
    names = [PLAIN.sub("", cell.casefold()) for cell in header]
    if not {"student", "submitted"} <= set(names):
        raise _wrong(path, "it needs the columns student and submitted")
    who, when = names.index("student"), names.index("submitted")
    times = {}
    for row in rows:
        named, told = _cell(row, who), _cell(row, when)
        match = roster.match(Claim((Clue("any", named),), Student(named)))
        if match.student is None:
            raise _wrong(path, match.reason)
        try:
            times[match.student.key] = aware(datetime.fromisoformat(told))
        except ValueError as error:
            raise _wrong(path, f"{told!r} is no time like 2026-11-22T23:59") from error
    return times


def _table(path: Path) -> list[list[str]]:
    try:
        text = path.read_text("utf-8-sig").replace("\0", "")
    except (OSError, UnicodeDecodeError) as error:
        raise _wrong(path, str(error)) from error
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise _wrong(path, str(error)) from error
    filled = [row for row in rows if any(cell.strip() for cell in row)]
    if not filled:
        raise _wrong(path, "it is empty")
    return filled


def _places(header: Sequence[str]) -> dict[str, int]:
    names = [PLAIN.sub("", cell.casefold()) for cell in header]
    places: dict[str, int] = {}
    for field, known in COLUMNS.items():
        for name in known:
            if name in names:
                places.setdefault(field, names.index(name))
    if names[:2] == ["student", "id"]:  # Canvas's own gradebook
        places["canvas_id"] = 1
    return places


def _student(row: Sequence[str], places: Mapping[str, int]) -> Student:
    cells = {field: _cell(row, place) for field, place in places.items()}
    words = [cells.pop("first", ""), cells.pop("last", "")]
    name = cells.pop("name", "") or " ".join(word for word in words if word)
    return Student(**{"key": "", **cells}, name=name)


def _cell(row: Sequence[str], place: int) -> str:
    return row[place].strip() if place < len(row) else ""


def _identifies(students: Sequence[Student], name: str) -> bool:
    values = [getattr(student, name) for student in students]
    return all(values) and len(set(values)) == len(values)


def _twice(students: Sequence[Student]) -> str:
    def repeated() -> Iterator[str]:
        for name in KEYS:
            counted = Counter(getattr(student, name) for student in students)
            yield from (value for value, n in counted.items() if value and n > 1)

    names = ", ".join(list(repeated())[:3])
    return f"no column tells everybody apart ({names or 'some cells are empty'})"


def _wrong(path: Path, problem: str) -> MisuseError:
    return MisuseError(
        problem=f"{path} cannot be used: {problem}.", next_step=NEXT_STEP
    )
