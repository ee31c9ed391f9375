"""Tables arrive in Canvas, Moodle and a spreadsheet as they were meant."""

import csv
import html
import io
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from grader.classroom.roster import read_roster
from grader.disclosure import Disclosure
from grader.errors import MisuseError
from grader.exporting.cells import FORMULA
from grader.exporting.exported import Exported, Settings
from grader.exporting.formats import FORMATS
from grader.gradebook.standing import Adjustment, Standing, Student
from tests.class_fakes import (
    COURSE,
    NAMES,
    NOON,
    check,
    report,
    standing,
    step,
    student,
)

SETTINGS: dict[str, Any] = {
    "course": COURSE,
    "title": "Lab 1 (12345)",
    "disclosure": lambda _: Disclosure.DIAGNOSES,
    "made_at": NOON,
}
SHORT = report(
    step("models", check("models.one")),
    step("store", check("store.one", "failed", pitfall="no-commit", message="Gone.")),
)


def export(name: str, *standings: Standing, **settings: Any) -> Exported:
    """Export some standings."""
    return FORMATS[name](standings, Settings(**SETTINGS | settings))  # type: ignore[index]


def rows(exported: Exported) -> list[list[str]]:
    """Read the one file of an export as a strict CSV reader does."""
    (text,) = exported.files.values()
    lines = io.StringIO(text.removeprefix("\ufeff"), newline="")
    return list(csv.reader(lines, strict=True))


def canvas_import(
    text: str, roster: dict[str, Student]
) -> tuple[list[str], dict[str, str]]:
    """Read a file by the rules of Canvas's importer: titles, and key to grade."""
    table = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    header = table[0]
    assert "Student" in header[0]
    assert "ID" in header[1]
    identity = 3
    if re.search(r"SIS\s+User\s+ID", header[2]):
        assert re.search(r"SIS\s+Login\s+ID", header[3])
        identity = 5
    assert "Section" in header[identity - 1], "Invalid header row"
    titles = [t for t in header[identity:] if not re.search("(Current|Final) ", t)]
    grades = {}
    for row in table[1:]:
        if "Points Possible" in row[0]:
            continue
        found = [
            key
            for key, who in roster.items()
            if (row[1] and row[1] == who.canvas_id)
            or (row[2] and row[2] == who.sis_user_id)
            or (row[3] and row[3] == who.login)
        ] or [key for key, who in roster.items() if row[0] == who.name]
        assert len(found) == 1, row
        grades[found[0]] = row[identity]
    return titles, grades


@pytest.mark.parametrize("identity", ["canvas_id", "sis_user_id", "login", "name"])
@pytest.mark.parametrize("name", NAMES)
def test_canvas_finds_every_student(name: str, identity: str) -> None:
    """By whatever it knows of them, and by an odd name alone."""
    ids = {"login": "", **({} if identity == "name" else {identity: "17"})}
    who, other = student("one", name=name, **ids), student("two")

    exported = export("canvas", standing(who, SHORT), standing(other))

    (text,) = exported.files.values()
    titles, grades = canvas_import(text, {"one": who, "two": other})
    assert titles == ["Lab 1 (12345)"]
    assert grades == {"one": "2", "two": "4"}
    assert exported.left_out == ()


def test_a_canvas_export_as_the_roster_comes_back_to_canvas(tmp_path: Path) -> None:
    """Every identity as Canvas wrote it, but for names that a spreadsheet would run."""
    head = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Old (1)"]
    people = [
        [name, str(100 + n), f"s{n}", f"u{n}@example.org", "A", "3"]
        for n, name in enumerate(NAMES)
    ]
    fake = ["Student, Test", "900", "", "t1", "A", ""]
    roster = tmp_path / "canvas.csv"
    points = ["    Points Possible", "", "", "", "", "(read only)"]
    with roster.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head, points, *people, fake])

    exported = export("canvas", *(standing(who) for who in read_roster(roster)))

    written = rows(exported)[2:]
    assert [row[1:5] for row in written] == [person[1:5] for person in people]
    assert [row[0].removeprefix("'") for row in written] == list(NAMES)
    assert (exported.left_out, exported.notes) == ((), ())


def test_canvas_tells_its_delimiter_from_the_first_three_lines() -> None:
    """They have one number of commas, and no line break within a cell."""
    names = ("Lovelace,\nAda", "a;b;c;d;e;f;g")
    exported = export("canvas", *(standing(student(n, name=n)) for n in names))

    (text,) = exported.files.values()
    widths = {len(next(csv.reader([line]))) for line in text.splitlines()[:3]}
    assert widths == {6}


def test_canvas_gets_the_points_possible_and_the_excused() -> None:
    """And an empty cell, which changes nothing, for whoever was not graded."""
    exported = export(
        "canvas",
        standing("ada"),
        standing("bob", excused=True),
        standing("cid", None),
    )

    table = rows(exported)
    assert table[1] == ["    Points Possible", "", "", "", "", "4"]
    assert [row[5] for row in table[2:]] == ["4", "EX", ""]


@pytest.mark.parametrize("title", ["Final Score", "Lab Current Points", "Section", " "])
def test_a_title_that_canvas_would_drop_is_refused(title: str) -> None:
    """It would lose every grade without a word."""
    with pytest.raises(MisuseError, match="reads no grades"):
        export("canvas", standing(), title=title)


def test_whom_canvas_cannot_know_is_listed() -> None:
    """Nobody is dropped in silence."""
    nobody = student("x", name="", login="")
    points = student("y", name="Points Possible")

    exported = export("canvas", standing(nobody), standing(points), standing("ada"))

    assert [absent.who for absent in exported.left_out] == ["x", "y"]
    assert len(rows(exported)) == 3


@pytest.mark.parametrize("name", [n for n in NAMES if n.startswith(FORMULA)])
def test_a_name_beside_an_id_is_made_harmless_for_spreadsheets(name: str) -> None:
    """Canvas does not read it; alone it must stay, and that is said."""
    known = export("canvas", standing(student("one", name=name)))
    alone = export("canvas", standing(student("one", name=name, login="")))

    assert rows(known)[2][0] == f"'{name}"
    assert known.notes == ()
    assert rows(alone)[2][0] == name
    assert "do not open it in a spreadsheet" in alone.notes[0]


def moodle_import(text: str, roster: dict[str, Student], column: str) -> dict[str, str]:
    """Read a file by the rules of Moodle's importer, all or nothing."""
    table = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    header = [cell.strip() for cell in table[0]]
    assert len(set(header)) == len(header)
    field = {"username": "login"}.get(column, column)
    grades = {}
    for row in table[1:]:
        named = row[header.index(column)]
        if len(row) <= 1 or not named:
            continue
        (key,) = [k for k, who in roster.items() if getattr(who, field) == named]
        value = row[3]
        if value not in {"", "-"}:
            assert float(value) <= 100, "gradevaluetoobig"
        grades[key] = value
    return grades


@pytest.mark.parametrize("column", ["username", "idnumber", "email"])
@pytest.mark.parametrize("name", NAMES)
def test_moodle_finds_every_student(name: str, column: str) -> None:
    """By each of the columns that the teacher may map, however odd."""
    field = {"username": "login"}.get(column, column)
    who = student("one", **{field: name})
    other = student("two", idnumber="2")

    exported = export("moodle", standing(who, SHORT), standing(other))

    (text,) = exported.files.values()
    grades = moodle_import(text, {"one": who, "two": other}, column)
    assert grades == {"one": "2", "two": "4"}


def test_moodle_refuses_the_file_for_a_grade_above_100() -> None:
    """So 100 is written and said; with unlimited grades there it stays."""
    who = standing("ada", score=107.5)

    cut, kept = export("moodle", who), export("moodle", who, above_100=True)

    assert rows(cut)[1][3] == "100"
    assert any("ada has 107.5" in note for note in cut.notes)
    assert rows(kept)[1][3] == "107.5"


def test_moodle_feedback_is_html_that_shows_text() -> None:
    """Moodle renders it, so markup in a reason is escaped."""
    changed = Adjustment(-1, "<img src=x> said so", "eva", NOON)
    who = standing("ada", SHORT, adjustments=(changed,), penalty=2.0)

    feedback = rows(export("moodle", who))[1][4]

    assert "<img" not in feedback
    assert "-1 points: <img src=x> said so." in html.unescape(feedback)
    assert "diagnosis of no-commit" in feedback
    assert not feedback.startswith(FORMULA)


def test_moodle_is_told_which_column_names_everybody() -> None:
    """One unmatched user would refuse the whole file."""
    some = export("moodle", standing("ada"), standing(student("bob", email="")))
    none = export("moodle", standing(student("x", email="", login="")))

    assert some.notes == ("Map the user by username: every row has it.",)
    assert [absent.who for absent in none.left_out] == ["x"]


@pytest.mark.parametrize("name", NAMES)
def test_a_spreadsheet_shows_names_and_runs_none(name: str) -> None:
    """What begins like a formula gets an apostrophe; the rest is untouched."""
    exported = export("csv", standing(student("one", name=name), SHORT))

    table = rows(exported)
    cell = dict(zip(table[0], table[1], strict=True))
    assert cell["name"].removeprefix("'") == name
    assert not any(value.startswith(FORMULA) for value in table[1])
    assert exported.files["grades.csv"].startswith("\ufeff")


def test_the_table_holds_everybody() -> None:
    """With what was earned, changed and missed, and why there is no grade."""
    changed = Adjustment(0.5, "oral exam", "eva", NOON + timedelta(days=1))
    graded = standing("ada", SHORT, adjustments=(changed,), score=2.5)

    table = rows(export("csv", graded, standing("bob", None)))

    ada, bob = (dict(zip(table[0], row, strict=True)) for row in table[1:])
    assert (ada["score"], ada["automatic"], ada["adjusted"]) == ("2.5", "2", "0.5")
    assert (ada["criterion:schema"], ada["criterion:crud"]) == ("yes", "no")
    assert (ada["pitfalls"], ada["reasons"]) == ("no-commit", "oral exam")
    assert (bob["score"], bob["state"]) == ("", "nothing was handed in")
