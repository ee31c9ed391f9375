"""Read notebooks as data, and rebuild a course's one with a student's answers in it.

Nothing is run. A cell is known by its nbgrader name (``grade_id``), else by its own id;
an *answer cell* is one that nbgrader calls a solution. Everything but the text of the
answer cells comes from the course, so that cells which were deleted, doubled, moved,
retyped or made locked by hand change nothing but themselves.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from grader.untrusted import decode_json

ENDING = ".ipynb"
MOST_CELLS = 2_000
NOT_GRADED = "not-graded"
"""The tag of a course's cell that shows something and is left out when grading."""
HEADING = re.compile(r"^#\s+(.+)$", re.MULTILINE)


class NotebookError(ValueError):
    """Say that a file is no notebook that can be read."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell, with what of its metadata matters."""

    name: str
    kind: str
    """code, markdown or raw."""
    source: str
    is_answer: bool = False
    is_check: bool = False
    """Whether it only looks at an answer, as nbgrader's test cells do."""
    points: float = 0.0
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """A course's notebook with a student's answers."""

    cells: tuple[Cell, ...]
    """Those that run, in the course's order."""
    answered: frozenset[str]
    """The answer cells whose text is another than the one that they came with."""
    problems: Mapping[str, str]
    """Answer cell to why it has no answer."""
    notes: tuple[str, ...]


def read_cells(content: bytes) -> tuple[Cell, ...]:
    """Read a notebook's cells.

    Raises:
        NotebookError: if it is none, or one of before 2015.
    """
    try:
        value = decode_json(content)
    except ValueError as error:
        raise NotebookError("it is no JSON that can be read") from error
    cells = value.get("cells") if isinstance(value, dict) else None
    if not isinstance(cells, list):
        raise NotebookError("it holds no cells (nbformat 4 is needed)")
    return tuple(_cell(cell) for cell in cells[:MOST_CELLS] if isinstance(cell, dict))


def title_of(cells: Sequence[Cell]) -> str:
    """Return a notebook's first heading."""
    texts = (cell.source for cell in cells if cell.kind == "markdown")
    found = (HEADING.search(text) for text in texts)
    return next((match[1].strip() for match in found if match), "")


def rebuild(course: Sequence[Cell], student: Sequence[Cell]) -> Rebuilt:
    """Put a student's answers into the course's notebook.

    Several cells of one name are one answer, in their order: splitting a cell makes
    two, and so does copying it.
    """
    answers = [cell for cell in course if cell.is_answer]
    given: dict[str, list[Cell]] = {cell.name: [] for cell in answers}
    for cell in student:
        if cell.name in given:
            given[cell.name].append(cell)
    problems = {c.name: told for c in answers if (told := _problem(c, given[c.name]))}
    texts = {cell.name: _text(given[cell.name]) for cell in answers}
    ran = [
        Cell(cell.name, "code", texts.get(cell.name, cell.source))
        for cell in course
        if cell.kind == "code" and not cell.is_check and NOT_GRADED not in cell.tags
    ]
    return Rebuilt(
        cells=tuple(ran),
        answered=frozenset(given) - problems.keys(),
        problems=problems,
        notes=tuple(_notes(course, student, given)),
    )


def _cell(facts: Mapping[str, Any]) -> Cell:
    metadata = _object(facts.get("metadata"))
    marks = _object(metadata.get("nbgrader"))
    points = marks.get("points")
    tags = metadata.get("tags")
    name = marks.get("grade_id") or facts.get("id")
    return Cell(
        name=name if isinstance(name, str) else "",
        kind=str(facts.get("cell_type")),
        source=_joined(facts.get("source")),
        is_answer=marks.get("solution") is True and marks.get("grade") is not True,
        is_check=marks.get("grade") is True and marks.get("solution") is not True,
        points=float(points) if isinstance(points, int | float) else 0.0,
        tags=tuple(map(str, tags)) if isinstance(tags, list) else (),
    )


def _object(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _joined(value: object) -> str:
    lines = value if isinstance(value, list) else [value]
    return "".join(line for line in lines if isinstance(line, str))


def _text(cells: Sequence[Cell]) -> str:
    return "\n\n".join(cell.source for cell in cells if cell.kind == "code")


def _problem(course: Cell, given: Sequence[Cell]) -> str:
    """Say why an answer cell has no answer; empty if it has one."""
    if not given:
        return "is not in the notebook any more"
    if not any(cell.kind == "code" for cell in given):
        return "is no code cell any more"
    texts = {cell.source.strip() for cell in given if cell.kind == "code"}
    return "is as it came" if texts <= {course.source.strip(), ""} else ""


def _notes(
    course: Sequence[Cell], student: Sequence[Cell], given: Mapping[str, list[Cell]]
) -> list[str]:
    known = {cell.name for cell in course}
    doubled = sorted(name for name, cells in given.items() if len(cells) > 1)
    own = sum(
        cell.kind == "code" and bool(cell.source.strip()) and cell.name not in known
        for cell in student
    )
    notes = [
        f"{name} is there several times: its cells ran together" for name in doubled
    ]
    if own:
        cells = "1 code cell" if own == 1 else f"{own} code cells"
        notes.append(f"{cells} of your own did not run: only the marked ones count")
    return notes
