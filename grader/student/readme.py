"""What a step's README says under one of its headings."""

import re
from pathlib import Path

from grader.catalog import Course, Step

from .layers import labs_folder

HEADING = re.compile(r"^##\s+(.*?)\s*$", re.MULTILINE)
MARKS = re.compile(r"[`*]")


def readme_path(course: Course, step: Step) -> Path:
    """Return where a step's README lies."""
    return labs_folder(course) / step.folder.name / "README.md"


def shown_readme(course: Course, step: Step) -> str:
    """Name a step's README as a student finds it."""
    return f"labs/{readme_path(course, step).parent.name}/README.md"


def first_paragraph(course: Course, step: Step, heading: str) -> str:
    """Return the first paragraph under a heading; empty if there is none."""
    path = readme_path(course, step)
    if not path.is_file():
        return ""
    parts = HEADING.split(path.read_text("utf-8"))
    sections = dict(zip(parts[1::2], parts[2::2], strict=True))
    paragraph = sections.get(heading, "").strip().partition("\n\n")[0]
    return " ".join(MARKS.sub("", paragraph).split())
