"""Results a submission arrive in Gradescope, JUnit readers and Classroom 50."""

import json
import re
from typing import Any
from xml.etree import ElementTree as Xml

import pytest

from grader.disclosure import Disclosure
from grader.errors import MisuseError
from grader.exporting.exported import Exported, Settings
from grader.exporting.formats import FORMATS
from grader.gradebook.standing import Standing
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

RUNNER = {
    "CLASSROOM": "db-2026",
    "ASSIGNMENT": "persistence",
    "SUBMISSION_TAG": "submit/2026-11-20T09-30-05Z-a1b2c3d",
    "COMMIT_URL": "https://example.org/commit/1",
    "RELEASE_URL": "https://example.org/releases/1",
    "OWNER": "ada",
    "ASSIGNMENT_TYPE": "individual",
}
DRAWN = "drawn-title-4711"
WORK = report(
    step("models", check("models.one"), check("models.two", worth=0.5)),
    step(
        "store",
        check(
            "store.kept",
            "failed",
            visibility="hidden",
            pitfall="no-commit",
            message=f"{DRAWN} was gone.",
            hint="Commit.",
            evidence=(f"Traceback: {DRAWN}",),
        ),
        check("store.listed", "skipped", because=("store.kept",)),
        check("store.extra", "failed", bonus=True, visibility="hidden"),
    ),
)


def export(name: str, *standings: Standing, **settings: Any) -> Exported:
    """Export some standings."""
    plain: dict[str, Any] = {
        "course": COURSE,
        "title": "Persistence",
        "disclosure": lambda _: Disclosure.DIAGNOSES,
        "made_at": NOON,
        "environment": RUNNER,
    }
    return FORMATS[name](standings, Settings(**plain | settings))  # type: ignore[index]


def only(exported: Exported) -> Any:
    """Read the one JSON file of an export."""
    (text,) = exported.files.values()
    return json.loads(text)


def test_gradescope_gets_what_its_specification_names() -> None:
    """A score that overrides the sum, and tests whose states follow their points."""
    result = only(export("gradescope", standing("ada", WORK, score=1.25)))

    assert result["score"] == 1.25
    assert result["stdout_visibility"] == "hidden"
    formats = {"text", "html", "simple_format", "md", "ansi"}
    named = {k: v for k, v in result.items() if k.endswith("_format")}
    assert set(named.values()) <= formats
    for test in result["tests"]:
        assert test["status"] in {"passed", "failed"}
        assert (test["status"] == "passed") == (test["score"] == test["max_score"])
        assert test["visibility"] == "visible"  # one hidden test hides the total
        assert re.fullmatch(r"\d+\.\d+", test["number"])
        assert "\r" not in test["output"]


@pytest.mark.parametrize("name", ["gradescope", "junit", "classroom50"])
@pytest.mark.parametrize("disclosure", Disclosure)
def test_no_result_tells_what_a_hidden_check_sent_or_saw(
    name: str, disclosure: Disclosure
) -> None:
    """Whatever the course discloses."""
    exported = export(name, standing("ada", WORK), disclosure=lambda _: disclosure)

    (text,) = exported.files.values()
    assert DRAWN not in text
    assert ("diagnosis of no-commit" in text) == (disclosure is Disclosure.DIAGNOSES)
    assert ("title of store.kept" in text) == (disclosure is not Disclosure.NOTHING)


def test_who_was_not_graded_has_no_result_and_is_listed() -> None:
    """A result with nothing in it would be a zero."""
    exported = export("gradescope", standing("ada", WORK), standing("bob", None))

    assert list(exported.files) == ["ada/results.json"]
    assert [(a.who, a.why) for a in exported.left_out] == [
        ("bob", "nothing was handed in")
    ]


@pytest.mark.parametrize("name", NAMES)
def test_junit_is_xml_whose_counts_agree(name: str) -> None:
    """Whoever the student is; skipped never counts as passed."""
    odd = report(
        step("models", check("models.one", "failed", message=f"\x01{name}\ufffe")),
        *WORK.steps[1:],
    )
    exported = export("junit", standing(student(name), odd))

    root = Xml.fromstring(exported.files["junit.xml"])  # noqa: S314 - our own
    assert root.tag == "testsuites"
    assert [suite.get("name") for suite in root] == [
        f"{name}: models",
        f"{name}: store",
    ]
    for suite in root:
        cases = suite.findall("testcase")
        counted = {
            "tests": len(cases),
            "failures": len(suite.findall("testcase/failure")),
            "errors": len(suite.findall("testcase/error")),
            "skipped": len(suite.findall("testcase/skipped")),
        }
        assert {k: int(suite.get(k, "-1")) for k in counted} == counted
        assert re.fullmatch(r"\d+\.\d{3}", suite.get("time", ""))
        assert suite.get("timestamp") == "2026-11-22T12:00:00+00:00"
        for case in cases:
            states = {"failure", "error", "skipped"} & {child.tag for child in case}
            assert len(states) <= 1
            assert {"classname", "name", "time"} <= set(case.attrib)


def test_a_passing_case_says_nothing_of_a_failure() -> None:
    """Readers take any failure, error or skipped for its state."""
    root = Xml.fromstring(  # noqa: S314 - our own
        export("junit", standing("ada", WORK)).files["junit.xml"]
    )

    states = [
        next((c.tag for c in case if c.tag != "properties"), "passed")
        for case in root.iter("testcase")
    ]
    assert states == ["passed", "passed", "failure", "skipped", "failure"]


def require_classroom50(result: dict[str, Any]) -> None:
    """Hold a result to the rules of Classroom 50's schema and its validator."""
    required = {
        *("schema", "classroom", "assignment", "assignment_type", "owner"),
        *("submission", "commit", "release", "review", "datetime"),
        *("score", "max-score", "tests"),
    }
    assert required <= set(result) <= required | {"graded_at", "submitted_by"}
    assert result["schema"] == "classroom50/result/v1"
    assert result["assignment_type"] in {"individual", "group"}
    assert result["submission"].startswith("submit/")
    instant = r"\d{4}-\d{2}-\d{2}T([01]\d|2[0-3]):[0-5]\d:[0-5]\dZ"
    assert re.fullmatch(instant, result["datetime"])
    assert re.fullmatch(instant, result["graded_at"])
    for scored in (result, *result["tests"]):
        assert type(scored["score"]) is int
        assert type(scored["max-score"]) is int
        assert 0 <= scored["score"] <= scored["max-score"]
    for test in result["tests"]:
        assert test["test-name"]
        assert type(test["passed"]) is bool


@pytest.mark.parametrize("score", [0.0, 2.25, 99.0])
def test_classroom50_gets_whole_numbers_that_fit(score: float) -> None:
    """Hundredths of points, and never more than the most."""
    result = only(export("classroom50", standing("ada", WORK, score=score)))

    require_classroom50(result)
    assert result["score"] == min(round(score * 100), result["max-score"])
    assert [test["max-score"] for test in result["tests"]][:2] == [200, 50]


def test_classroom50_keeps_the_instant_of_the_submission() -> None:
    """A regrade on another day must not make it late."""
    result = only(export("classroom50", standing("ada", WORK)))

    assert result["datetime"] == "2026-11-20T09:30:05Z"
    assert result["graded_at"] == "2026-11-22T12:00:00Z"


@pytest.mark.parametrize("name", ["CLASSROOM", "SUBMISSION_TAG", "COMMIT_URL"])
def test_classroom50_needs_its_runner(name: str) -> None:
    """Without its variables nobody knows whose result it would be."""
    environment = {key: value for key, value in RUNNER.items() if key != name}

    with pytest.raises(MisuseError, match=f"{name} is not set"):
        export("classroom50", standing("ada", WORK), environment=environment)


def test_classroom50_takes_one_submission() -> None:
    """The variables describe one."""
    with pytest.raises(MisuseError, match="one submission at a time, not 2"):
        export("classroom50", standing("ada", WORK), standing("bob", WORK))
