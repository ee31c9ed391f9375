"""A report is frozen data that any program can read."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from pydantic import ValidationError

from grader.report import (
    LONGEST_TEXT,
    CheckReport,
    Outcome,
    json_schema,
    readable,
)

DOCS = Path(__file__).resolve().parents[2] / "docs"


def check(**facts: Any) -> CheckReport:
    """Build the report of one check."""
    plain: dict[str, Any] = {
        "id": "greet.by_name",
        "title": "The greeting names whom it greets.",
        "visibility": "hidden",
        "outcome": Outcome.FAILED,
        "points": 0.0,
        "max_points": 3.0,
        "core": True,
        "duration_s": 0.0,
    }
    return CheckReport(**plain | facts)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("plain\ttext\n", "plain\ttext\n"),
        ("\x1b]8;;http://evil\x1b\\", "\ufffd]8;;http://evil\ufffd\\"),
        ("\x9b31mred", "\ufffd31mred"),
        ("\u202ereversed", "\ufffdreversed"),
        ("half \ud83d of a pair", "half \ufffd of a pair"),
        ("שלום", "שלום"),
    ],
)
def test_text_of_a_submission_is_made_harmless(written: str, shown: str) -> None:
    """What a terminal or an encoder would act on is replaced; words stay."""
    assert readable(written) == shown
    assert check(message=written, evidence=(written,)).evidence == (shown,)


def test_text_of_a_submission_is_bounded() -> None:
    """A report stays small, whatever was printed."""
    assert len(check(message="x" * 10 * LONGEST_TEXT).message) == LONGEST_TEXT + 1


def test_a_check_without_an_outcome_cannot_be_reported() -> None:
    """There is no default verdict."""
    with pytest.raises(ValidationError, match="outcome"):
        check(outcome=None)


@pytest.mark.parametrize("field", ["points", "outcome"])
def test_a_report_cannot_be_changed(field: str) -> None:
    """Records are frozen."""
    with pytest.raises(ValidationError, match="frozen"):
        setattr(check(), field, 3.0)


def test_the_published_schema_is_current() -> None:
    """Write it anew with: uv run grader schema > docs/report.schema.json."""
    published = json.loads((DOCS / "report.schema.json").read_text("utf-8"))

    jsonschema.Draft202012Validator.check_schema(published)
    assert published == json_schema()


def test_the_documentation_names_every_field() -> None:
    """Whoever reads a report finds each of its fields in docs/report.md."""
    text = (DOCS / "report.md").read_text("utf-8")
    schema = json_schema()
    records = [schema, *schema["$defs"].values()]
    fields = {name for record in records for name in record.get("properties", ())}

    assert sorted(name for name in fields if f"`{name}`" not in text) == []
