"""Read a submission's tests, and what its process tells of a run."""

from pathlib import Path

import pytest

from grader.asking.own_tests import OwnModule, decode_run, likeliness
from grader.asking.variants import Variant
from grader.errors import GraderFault
from grader.sandbox.observation import Json, Observation
from grader.submission.tree import Tree


def observed(value: Json) -> Observation:
    """Make an observation that answers."""
    return Observation("answered", value=value)


@pytest.mark.parametrize(
    "value",
    [None, [], {"tests": 7}, {"tests": [3, {"name": 4}], "collection_errors": "x"}],
)
def test_a_malformed_run_has_no_tests(value: Json) -> None:
    """What a hostile process tells is dropped."""
    run = decode_run(observed(value))

    assert (run.tests, run.collection_errors, run.overrides_left) == ({}, (), 0)


def test_only_failures_before_the_teardown_notice_anything() -> None:
    """An error while a fixture cleans up says nothing about the service."""
    rows = [
        {"name": "t.py::test_a", "outcome": "error", "phase": "teardown"},
        {"name": "t.py::test_b", "outcome": "failed", "phase": "call"},
        {"name": "t.py::test_c", "outcome": "passed"},
    ]

    run = decode_run(observed({"tests": rows}))

    assert [test.name for test in run.red if test.noticed] == ["t.py::test_b"]
    assert run.green == {"t.py::test_c"}


def test_tests_that_speak_of_a_thing_are_likely() -> None:
    """Parameters and classes do not hide a function's source."""
    module = OwnModule("tests/test_a.py", {"test_x": "get", "test_y": "Delete it"})
    names = ["test_a.py::test_x", "test_a.py::TestIt::test_y[1]"]

    assert likeliness([module], names, ["delete"]) == {names[0]: 0, names[1]: 1}


def test_a_variant_must_fit_the_reference(tmp_path: Path) -> None:
    """An edit that no longer applies is our mistake, said at once."""
    path = tmp_path / "late.toml"
    path.write_text(
        'about = "Late."\n[[edit]]\nfile = "a.py"\nfind = "x"\nreplace = "y"\n'
    )
    variant = Variant.read(path)

    assert variant.apply(Tree({"a.py": b"x = x"})).files["a.py"] == b"y = y"
    with pytest.raises(GraderFault):
        variant.apply(Tree({"a.py": b"z"}))
