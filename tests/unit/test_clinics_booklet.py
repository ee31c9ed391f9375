"""A plan becomes sheets for assistants, invitations and a calendar."""

import csv
import io
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from icalendar import Calendar

from grader.catalog import Course
from grader.clinics.booklet import booklet
from grader.clinics.guide import Guide
from grader.clinics.planning import plan
from grader.clinics.schedule import schedule
from grader.disclosure import Disclosure
from grader.errors import GraderFault
from grader.gradebook.standing import Standing
from tests.class_fakes import COURSE, NAMES, check, report, standing, step, student

ROOT = Path(__file__).resolve().parents[2]
MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
GUIDE = Guide({"crud": "notebooks/clinic_crud.ipynb"}, {"no-commit": "Who commits?"})
NO_COMMIT = report(
    step(
        "store",
        check(
            "store.kept",
            "failed",
            pitfall="no-commit",
            message="POST *answered* <201>.",
            visibility="hidden",
        ),
    )
)
UNNAMED = report(step("store", check("store.odd", "failed")))


def files(
    *standings: Standing, size: int = 6, shown: Disclosure = Disclosure.DIAGNOSES
) -> dict[str, str]:
    """Write a booklet."""
    made = plan(standings, COURSE, size=size, disclose=lambda _: shown)
    sittings = schedule(made.clinics, first=MONDAY, before=None, minutes=20)
    written = booklet(made, sittings, GUIDE, title="Movies", made_at=MONDAY)
    return {name: content.decode("utf-8") for name, content in written.items()}


def test_a_sheet_has_all_that_a_clinic_needs() -> None:
    """Symptom, reproduction, question, drill, notebook, and what fixed looks like."""
    written = files(standing("ada", NO_COMMIT), standing("bob", NO_COMMIT))

    sheet = written["01-no-commit.md"]
    for part in (
        "# diagnosis of no-commit",
        r"- seen 2 times: POST \*answered\* \<201\>.",
        "## Shortest reproduction\n\nsee `no-commit`",
        "> Who commits?",
        "way out of no-commit",
        "why of no-commit",
        "notebooks/clinic_crud.ipynb",
        "- title of store.kept (`store.kept`)",
        "**Clinic 1**, Mon 2026-11-23 09:00 to 09:20 UTC",
        "- Name ada (`ada`): misses crud; `grader clinic open ada`",
    ):
        assert part in sheet
    assert re.findall(r"^(\d)\. ", sheet, re.MULTILINE) == list("12345")


def test_a_sheet_without_a_named_mistake_points_at_the_check() -> None:
    """There is nothing to tell, so the assistant looks."""
    written = files(standing("ada", UNNAMED))

    (sheet,) = (text for name, text in written.items() if name.startswith("01-"))
    assert "Without a name for the reason, this fails: title of store.odd" in sheet


def test_the_overview_names_everybody() -> None:
    """Who is not in a clinic is told apart, with the reason."""
    overview = files(standing("ada", NO_COMMIT), standing("bob", None))["README.md"]

    assert "[no-commit](01-no-commit.md)" in overview
    assert "- Name bob (`bob`): nothing was handed in" in overview


@pytest.mark.parametrize("name", [*NAMES, "a`b", "](http://evil)", "x\n# y"])
def test_names_are_text_in_every_file(name: str) -> None:
    """No markup, no formula, no line of their own."""
    written = files(standing(student(name, name=name), NO_COMMIT))

    sheet = written["01-no-commit.md"]
    assert "<script>" not in re.sub("`[^`]*`", "", sheet)
    assert "](http" not in re.sub("`[^`]*`", "", sheet).replace(r"\]", "")
    assert [line for line in sheet.splitlines() if line.startswith("# ")] == [
        "# diagnosis of no-commit"
    ]
    (row,) = invitations(written)
    assert not row["name"].startswith(("=", "+", "-", "@"))
    assert row["name"].removeprefix("'") == name.replace("\n", " ")


def invitations(written: dict[str, str]) -> list[dict[str, str]]:
    """Read the invitations."""
    text = written["invitations.csv"].removeprefix("\ufeff")
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def test_invitations_of_a_visible_check_tell_what_to_try() -> None:
    """Students have its suite, and see the mistake at home."""
    seen = report(step("store", check("store.kept", "failed", pitfall="no-commit")))

    (row,) = invitations(files(standing("ada", seen), shown=Disclosure.NOTHING))

    assert row["email"] == "ada@example.org"
    assert row["about"] == "diagnosis of no-commit"
    assert row["try_first"] == "see `no-commit`"


@pytest.mark.parametrize("shown", Disclosure)
def test_what_students_get_tells_no_more_than_the_class_discloses(
    shown: Disclosure,
) -> None:
    """Of a hidden check the diagnosis at most, in mails and in the calendar."""
    written = files(standing("ada", NO_COMMIT), shown=shown)

    given = written["invitations.csv"] + written["clinics.ics"]
    told = shown is Disclosure.DIAGNOSES
    assert ("diagnosis of no-commit" in written["invitations.csv"]) == told
    assert ("diagnosis of no-commit" in written["clinics.ics"]) == told
    for secret in ("see `no-commit`", "answered", "store.kept", "why of"):
        assert secret not in given


def test_the_calendar_is_what_rfc_5545_says() -> None:
    """Folded lines of 75 octets, CRLF, UTC, stamps and unique names; read back."""
    standings = [standing(f"s{n}", NO_COMMIT) for n in range(3)]
    text = files(*standings, size=1)["clinics.ics"]

    assert text.endswith("END:VCALENDAR\r\n")
    assert "\n" not in text.replace("\r\n", "")
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75
    events = Calendar.from_ical(text).walk("VEVENT")
    assert [str(e["summary"]) for e in events] == [
        f"Clinic {n}: crud ({n} of 3)" for n in (1, 2, 3)
    ]
    assert len({str(event["uid"]) for event in events}) == 3
    assert events[1].decoded("dtstart") == MONDAY.replace(minute=20)
    assert text.count("DTSTAMP:20261123T090000Z") == 3
    assert "Name s1" not in text


def test_the_same_clinic_keeps_its_name_in_the_calendar() -> None:
    """Importing a new plan moves it instead of adding it."""
    first = files(standing("ada", NO_COMMIT))["clinics.ics"]
    second = files(standing("ada", NO_COMMIT), standing("bob", NO_COMMIT))[
        "clinics.ics"
    ]

    names = [re.findall("UID:(.*)\r\n", text) for text in (first, second)]
    assert names[0] == names[1]


def test_the_guide_of_the_course_fits_its_pitfalls() -> None:
    """A question for each, none left of a mistake that is gone."""
    course = Course.read(ROOT / "checkpoints")
    guide = Guide.read(course.folder)

    assert sorted(set(guide.questions) - set(course.pitfalls)) == []
    assert sorted(set(guide.notebooks) ^ set(course.criteria)) == []
    assert all(text.endswith("?") for text in guide.questions.values())


def test_a_guide_that_cannot_be_read_is_our_fault(tmp_path: Path) -> None:
    """A course without one has the default question."""
    assert Guide.read(tmp_path) == Guide()
    (tmp_path / "clinics.toml").write_text("questions = 3", "utf-8")

    with pytest.raises(GraderFault, match="questions must be a table of texts"):
        Guide.read(tmp_path)
