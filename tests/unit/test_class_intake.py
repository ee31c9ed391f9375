"""Test whose work is whose: downloads of other systems, rosters, times."""

import os
import unicodedata
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from grader.classroom.intake import Intake, take_in
from grader.classroom.naming import Roster
from grader.classroom.roster import read_roster, read_times
from grader.errors import MisuseError
from grader.gradebook.standing import Student

ADA = Student(
    "ada1",
    name="Lovelace, Ada",
    email="ada@example.org",
    login="ada1",
    idnumber="1815",
    canvas_id="77",
)
GRACE = Student("grace", name="Grace Brewster Hopper", idnumber="1906")
ANDRE = Student("andre", name="Andr\u00e9 O'Neil")
DANA = Student("dana", name="דנה כהן")
CLASS = Roster((ADA, GRACE, ANDRE, DANA))
NOBODY = Roster()


def lay(folder: Path, *names: str) -> Path:
    """Make folders and zips by name; a name below another makes that a folder."""
    for name in names:
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        if place.suffix == ".zip":
            with zipfile.ZipFile(place, "w") as archive:
                archive.writestr("main.py", "app = None")
        elif place.suffix:
            place.write_text("app = None", "utf-8")
        else:
            place.mkdir()
            (place / "main.py").write_text("app = None", "utf-8")
    return folder


def found(intake: Intake) -> dict[str, str]:
    """Map each student's key to the name of their work."""
    return {work.student.key: work.place.name for work in intake.works}


def test_plain_names_are_any_of_a_students(tmp_path: Path) -> None:
    """Login, number, address or name, in any order and either normal form."""
    names = (
        "ADA1",
        "1906.zip",
        unicodedata.normalize("NFD", "O'Neil André"),
        "כהן דנה",
    )
    lay(tmp_path, *names)

    intake = take_in(tmp_path, CLASS)

    assert set(found(intake)) == {"ada1", "grace", "andre", "dana"}
    assert not intake.unmatched


def test_moodle_names_are_read(tmp_path: Path) -> None:
    """Folders, single files, the name of a group before the name."""
    lay(
        tmp_path,
        "Ada Lovelace_4711_assignsubmission_file_/lab.zip",
        "Grace Brewster Hopper_4712_assignsubmission_file_work.zip",
        "Group 3-André ONeil_4713_assignsubmission_file_/service/main.py",
        "דנה כהן_4714_assignsubmission_file_",
    )

    intake = take_in(tmp_path, CLASS)

    assert found(intake) == {
        "ada1": "lab.zip",
        "grace": "Grace Brewster Hopper_4712_assignsubmission_file_work.zip",
        "andre": "Group 3-André ONeil_4713_assignsubmission_file_",
        "dana": "דנה כהן_4714_assignsubmission_file_",
    }


def test_canvas_names_are_read(tmp_path: Path) -> None:
    """By Canvas's number, or by the name that it squeezes; its mark is kept."""
    lay(
        tmp_path,
        "lovelaceada_LATE_77_901_lab.zip",
        "hoppergracebrewster_78_902_lab-1.zip",
        "oneilandré_79_903_my_lab_work.zip",
    )

    intake = take_in(tmp_path, CLASS)

    assert set(found(intake)) == {"ada1", "grace", "andre"}
    assert [w.student.key for w in intake.works if w.marked_late] == ["ada1"]


def test_gradescope_exports_are_read(tmp_path: Path) -> None:
    """With everybody who handed in together, and the time."""
    lay(tmp_path, "submission_1", "submission_2", "submission_3")
    (tmp_path / "submission_metadata.yml").write_text(
        """---
submission_1:
  :submitters:
  - :name: Ada Lovelace
    :sid: '1815'
    :email: ada@example.org
  - :name: Grace Hopper
    :sid: '1906'
    :email: g@example.org
  :created_at: 2026-11-22 14:12:42.123456789 Z
  :status: processed
submission_2:
  :submitters:
  - :name: Somebody Else
    :sid:
    :email: else@example.org
  :created_at: 2026-11-22 14:12:42 +0100
""",
        "utf-8",
    )

    intake = take_in(tmp_path, CLASS)

    assert found(intake) == {"ada1": "submission_1", "grace": "submission_1"}
    assert intake.works[0].submitted_at == datetime(
        2026, 11, 22, 14, 12, 42, 123456, tzinfo=UTC
    )
    assert {Path(u.place).name: u.reason for u in intake.unmatched} == {
        "submission_2": "nobody on the roster answers to 'else@example.org'",
        "submission_3": "nobody on the roster answers to 'submission_3'",
    }


def test_an_export_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    """It is not taken for a folder of folders."""
    (tmp_path / "submission_metadata.yml").write_text("a: [", "utf-8")

    with pytest.raises(MisuseError, match="cannot be read"):
        take_in(tmp_path, CLASS)


def test_nothing_is_dropped_silently(tmp_path: Path) -> None:
    """All that lies there is graded, refused or nobody's, but for systems' litter."""
    lay(
        tmp_path,
        *("ada1", "ada1.zip", "mallory", "notes.txt"),
        "Grace Brewster Hopper_1_assignsubmission_file_main.py",
        "Grace Brewster Hopper_1_assignsubmission_file_db.py",
        *("andre/a.zip", "andre/b.zip", ".DS_Store", "__MACOSX"),
        *("dana_4_5_notes.pdf", "dana_4_5_lab.zip"),
    )

    intake = take_in(tmp_path, CLASS)
    sorted_in = {work.place.name for work in intake.works}
    sorted_in |= {refused.place.name for refused in intake.refused}
    sorted_in |= {Path(unmatched.place).name for unmatched in intake.unmatched}

    assert sorted_in == {
        path.name for path in tmp_path.iterdir() if path.name[0] not in "._"
    }
    assert found(intake) == {}
    assert {Path(u.place).name for u in intake.unmatched} == {
        *("mallory", "notes.txt", "dana_4_5_notes.pdf", "dana_4_5_lab.zip")
    }


def test_the_one_zip_among_files_is_the_work(tmp_path: Path) -> None:
    """What lies beside it is told."""
    lay(tmp_path, "lovelaceada_77_1_lab.zip", "lovelaceada_77_2_notes.pdf")

    intake = take_in(tmp_path, CLASS)

    assert found(intake) == {"ada1": "lovelaceada_77_1_lab.zip"}
    assert [refused.place.name for refused in intake.refused] == [
        "lovelaceada_77_2_notes.pdf"
    ]


def test_a_link_leads_to_nobody_elses_work(tmp_path: Path) -> None:
    """A checkout can hold one to the zip of a neighbour."""
    lay(tmp_path, "grace/work.zip", "ada1/.git")
    (tmp_path / "ada1" / "mine.zip").symlink_to(tmp_path / "grace" / "work.zip")

    assert found(take_in(tmp_path, CLASS)) == {"ada1": "ada1", "grace": "work.zip"}


def test_oddly_encoded_names_are_students_too(tmp_path: Path) -> None:
    """With names that every database takes."""
    (tmp_path / os.fsdecode(b"m\xfcller.zip")).write_bytes(b"")

    (work,) = take_in(tmp_path, NOBODY).works

    assert work.student.key == "m\ufffdller"
    assert work.place.exists()


def test_a_name_that_two_have_matches_neither(tmp_path: Path) -> None:
    """Nobody gets another's grade."""
    twins = Roster((Student("a", name="Kim Lee"), Student("b", name="Lee Kim")))
    lay(tmp_path, "Kim Lee", "b")

    intake = take_in(tmp_path, twins)

    assert found(intake) == {"b": "b"}
    assert "may be any of a, b" in intake.unmatched[0].reason


def test_without_a_roster_everybody_is_taken_at_their_word(tmp_path: Path) -> None:
    """Each name makes a student."""
    lay(tmp_path, "ada1", "Grace Hopper_12_assignsubmission_file_")

    intake = take_in(tmp_path, NOBODY)

    assert set(found(intake)) == {"ada1", "Grace Hopper"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Student,ID,SIS User ID,SIS Login ID,Section,Lab (5)\n"
            "    Points Possible,,,,,100\n"
            '"Lovelace, Ada",77,u77,ada1,Lab 3,\n'
            '"Student, Test",99,,,Lab 3,\n',
            Student(
                "ada1",
                name="Lovelace, Ada",
                login="ada1",
                canvas_id="77",
                sis_user_id="u77",
                section="Lab 3",
            ),
        ),
        (
            "\ufeffFirst name;Last name;ID number;Email address\n"
            "Ada;Lovelace;1815;a@b.c\n",
            Student("a@b.c", name="Ada Lovelace", idnumber="1815", email="a@b.c"),
        ),
        (
            "First Name,Last Name,SID,Email,Sections\nAda,Lovelace,1815,,A\n",
            Student("1815", name="Ada Lovelace", idnumber="1815", section="A"),
        ),
        ("key,name\nx,=1+1\n", Student("x", name="=1+1")),
        ("name\nAndre\u0301\n", Student("Andre\u0301", name="Andre\u0301")),
    ],
    ids=["canvas", "moodle", "gradescope", "own", "names"],
)
def test_rosters_of_other_systems_are_read(
    text: str, expected: Student, tmp_path: Path
) -> None:
    """By what their columns are called; the cells verbatim."""
    path = tmp_path / "roster.csv"
    path.write_text(text, "utf-8")

    assert read_roster(path) == [expected]


@pytest.mark.parametrize(
    "content",
    [b"", b"a,b\n1,2\n", b"key\n", b"name\nKim\nKim\n", b"key\n\xff\xfe\n", b"\n\n"],
)
def test_a_wrong_roster_is_refused(content: bytes, tmp_path: Path) -> None:
    """Before anybody is matched with it."""
    path = tmp_path / "roster.csv"
    path.write_bytes(content)

    with pytest.raises(MisuseError):
        read_roster(path)


def test_times_come_from_a_table(tmp_path: Path) -> None:
    """For systems whose downloads do not say when."""
    lay(tmp_path / "work", "ada1")
    table = tmp_path / "times.csv"
    table.write_text("student,submitted\nAda Lovelace,2026-11-22T23:59\n", "utf-8")

    times = read_times(table, CLASS, lambda time: time.replace(tzinfo=UTC))
    intake = take_in(tmp_path / "work", CLASS, times)

    assert intake.works[0].submitted_at == datetime(2026, 11, 22, 23, 59, tzinfo=UTC)


@pytest.mark.parametrize("line", ["mallory,2026-11-22", "ada1,yesterday", "ada1"])
def test_wrong_times_are_refused(line: str, tmp_path: Path) -> None:
    """A late penalty must not hang on a misspelt name."""
    table = tmp_path / "times.csv"
    table.write_text(f"student,submitted\n{line}\n", "utf-8")

    with pytest.raises(MisuseError):
        read_times(table, CLASS, lambda time: time)
