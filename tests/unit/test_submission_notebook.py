"""A course's notebook is rebuilt with nothing of a student's but the answers."""

import json
from typing import Any

import pytest

from grader.submission.notebook import (
    Cell,
    NotebookError,
    Rebuilt,
    read_cells,
    rebuild,
    title_of,
)


def cell(name: str, source: str, kind: str = "code", **marks: Any) -> dict[str, Any]:
    """Write one cell as Jupyter does."""
    wanted = {"schema_version": 3, "grade_id": name, "grade": False, "locked": True}
    marks = {**wanted, "solution": False, **marks}
    return {"cell_type": kind, "metadata": {"nbgrader": marks}, "source": [source]}


def answer(name: str, source: str, kind: str = "code") -> dict[str, Any]:
    """Write an answer cell."""
    return cell(name, source, kind, solution=True, locked=False)


SETUP = cell("setup", "numbers = [1]")
CHECK = cell("check", "assert double(1) == 2", grade=True, points=2)
COURSE = [SETUP, answer("first", "..."), CHECK, answer("second", "...")]


def read(cells: list[dict[str, Any]]) -> tuple[Cell, ...]:
    """Read cells as if they came from a file."""
    return read_cells(json.dumps({"cells": cells, "nbformat": 4}).encode())


def rebuilt(*student: dict[str, Any]) -> Rebuilt:
    """Rebuild the course's notebook from a student's cells."""
    return rebuild(read(COURSE), read(list(student)))


def texts(made: Rebuilt) -> list[str]:
    """List what would run."""
    return [cell.source for cell in made.cells]


def test_answers_take_their_place_and_checks_do_not_run() -> None:
    """The course decides what runs, and in which order."""
    made = rebuilt(SETUP, answer("first", "a = 1"), CHECK, answer("second", "b = 2"))

    assert texts(made) == ["numbers = [1]", "a = 1", "b = 2"]
    assert made.answered == {"first", "second"}
    assert made.notes == ()


def test_cells_that_were_edited_run_as_the_course_has_them() -> None:
    """A locked cell is the course's, whatever a student made of it."""
    forged = cell("setup", "numbers = []", solution=True, locked=False)

    made = rebuilt(forged, answer("first", "a = 1"), answer("second", "b = 2"))

    assert texts(made)[0] == "numbers = [1]"


def test_moved_cells_go_back_to_their_place() -> None:
    """The order of a student's cells does not matter."""
    made = rebuilt(answer("second", "b = 2"), answer("first", "a = 1"), SETUP)

    assert texts(made) == ["numbers = [1]", "a = 1", "b = 2"]


def test_a_deleted_answer_is_named() -> None:
    """It counts as no answer, and runs as nothing."""
    made = rebuilt(SETUP, answer("first", "a = 1"))

    assert made.problems == {"second": "is not in the notebook any more"}
    assert texts(made) == ["numbers = [1]", "a = 1", ""]


def test_a_doubled_answer_runs_together_and_is_named() -> None:
    """Jupyter gives both halves of a split cell the same name."""
    made = rebuilt(answer("first", "a = 1"), answer("first", "b = a"))

    assert texts(made)[1] == "a = 1\n\nb = a"
    assert made.notes == ("first is there several times: its cells ran together",)


@pytest.mark.parametrize("kind", ["markdown", "raw", "unheard of"])
def test_a_retyped_answer_is_named(kind: str) -> None:
    """Only code is an answer."""
    made = rebuilt(answer("first", "a = 1", kind))

    assert made.problems["first"] == "is no code cell any more"


def test_an_untouched_answer_is_none() -> None:
    """Spaces around it make no answer."""
    made = rebuilt(answer("first", " ...\n"), answer("second", ""))

    assert made.answered == frozenset()
    assert set(made.problems.values()) == {"is as it came"}


def test_own_cells_are_counted_and_do_not_run() -> None:
    """A student sees why what they added made no difference."""
    made = rebuilt(answer("first", "a = 1"), cell("mine", "1 / 0"), cell("", "2 / 0"))

    assert "1 / 0" not in "".join(texts(made))
    assert made.notes == (
        "2 code cells of your own did not run: only the marked ones count",
    )


def test_a_cell_without_metadata_is_known_by_its_id() -> None:
    """Some editors drop what they do not know."""
    bare = {"cell_type": "code", "id": "first", "metadata": {}, "source": "a = 1"}

    assert rebuilt(bare).answered == {"first"}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no json",
        b"[]",
        b"{}",
        b'{"cells": {}}',
        b'{"worksheets": [{"cells": []}]}',
        b"\xff\xfe\x00",
        b"[" * 100_000,
        b'{"cells": ' + b"[" * 1_000 + b"]" * 1_000 + b"}",
        b'{"cells": [], "n": NaN}',
    ],
)
def test_what_is_no_notebook_is_refused(content: bytes) -> None:
    """Whatever it is, it is told as what it is."""
    with pytest.raises(NotebookError):
        read_cells(content)


@pytest.mark.parametrize(
    "odd",
    [
        None,
        7,
        {},
        {"cell_type": None, "metadata": None, "source": None},
        {"cell_type": "code", "metadata": {"nbgrader": []}, "source": [1, None, "x"]},
        {"metadata": {"nbgrader": {"grade_id": ["first"], "solution": 1}}},
        {"metadata": {"tags": "not-graded", "nbgrader": {"points": "many"}}},
    ],
)
def test_odd_cells_do_no_harm(odd: object) -> None:
    """They are nobody's answer."""
    content = json.dumps({"cells": [odd, answer("first", "a = 1")]}).encode()

    assert rebuild(read(COURSE), read_cells(content)).answered == {"first"}


def test_a_cell_with_the_tag_is_left_out() -> None:
    """The course may show what grading need not repeat."""
    shown = cell("plot", "draw()")
    shown["metadata"]["tags"] = ["not-graded"]

    made = rebuild(read([shown, *COURSE]), read([]))

    assert "draw()" not in texts(made)


def test_the_title_is_the_first_heading() -> None:
    """Empty where there is none."""
    heading = {"cell_type": "markdown", "metadata": {}, "source": ["# A title\n", "x"]}

    assert title_of(read([SETUP, heading])) == "A title"
    assert title_of(read([SETUP])) == ""
