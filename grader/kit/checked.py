"""Keep the labs' texts true: what is checked is written from the visible suites."""

import ast
from pathlib import Path

from grader.catalog import Course, Step
from grader.errors import MisuseError

BEGIN = "<!-- checked: written by `grader labs` -->"
END = "<!-- /checked -->"
README = "README.md"


def labs_now(course: Course, labs: Path) -> dict[Path, str]:
    """Give each lab's text with its block of checks as it should be.

    Raises:
        MisuseError: if a text is missing, or has no place for the block.
    """
    return {
        path: _with_block(path, checked_block(step))
        for step in course.steps
        if (path := labs / step.folder.name / README)
    }


def checked_block(step: Step) -> str:
    """List a step's visible checks by their titles."""
    titles = [f"- {title}" for title in visible_titles(step)]
    told = [
        f"`grader check {step.slug}` tries:",
        "",
        *titles,
        "",
        f"The step is worth {step.points:g} points. Your instructor grades it with",
        "these checks, and with more that look at the same goal.",
    ]
    return "\n".join(told)


def visible_titles(step: Step) -> list[str]:
    """Read the titles of the visible checks, in their order."""
    suite = step.suites().get("visible")
    module = ast.parse(suite.read_text("utf-8") if suite else "")
    return [
        " ".join((ast.get_docstring(node) or "").split())
        for node in module.body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    ]


def _with_block(path: Path, block: str) -> str:
    text = path.read_text("utf-8") if path.is_file() else ""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        shown = f"{path.parent.name}/{path.name}"
        raise MisuseError(
            problem=f"{shown} has no place for what is checked.",
            next_step=f"Add the lines {BEGIN} and {END}.",
        )
    return f"{before}{BEGIN}\n{block}\n{END}{after}"
