"""Know every string of a course that students must not see, and look for it."""

import ast
import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from grader.catalog import Course

from .visible import reduce_course

VARIANTS = ("accepts", "rejects", "chaffs", "wheats", "base")
SHORTEST_TEXT = 30  # shorter ones are SQL, or what SQLite itself says
SHORTEST_LINE = 24
ANSWER = "a line of a finished notebook"
COMMON = ("from ", "import ", "if __name__")
"""How lines begin that any module may have."""
NAME = re.compile(r"[\w.-]+(?:/\w+)?")
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Secret:
    """A string that no kit may hold."""

    what: str
    """What it is, for the author."""
    text: str

    @property
    def is_name(self) -> bool:
        """Say whether it counts as a whole word only."""
        return NAME.fullmatch(self.text) is not None


@dataclass(frozen=True, slots=True)
class Leak:
    """A secret, and the file that tells it."""

    place: str
    secret: Secret


def secrets_of(course: Course, told: Iterable[bytes]) -> list[Secret]:
    """List what a course hides, but for what these files tell anyway.

    Hidden checks, pitfalls that only they name, variants, and lines of solutions but
    for those that its notebooks teach.
    """
    books = course.notebooks
    taught = "\n".join(_notebook_lines(books.source)) if books else ""
    finished = _telling(_notebook_lines(books.finished)) if books else ()
    shown = _flat("\n".join(text.decode("utf-8", "replace") for text in told))
    names = set(NAME.findall(shown))
    found = [
        *_checks(course),
        *_pitfalls(course),
        *_variants(course),
        *(one for one in _solution_lines(course) if one.text not in taught),
        *(Secret(ANSWER, line) for line in finished if line not in taught),
    ]
    return [
        one
        for one in dict.fromkeys(found)
        if one.text not in (names if one.is_name else shown)
    ]


def leaks(secrets: Iterable[Secret], files: Mapping[str, bytes]) -> Iterator[Leak]:
    """Find secrets in files, however their lines are broken."""
    texts = {
        place: _flat(content.decode("utf-8", "replace"))
        for place, content in files.items()
    }
    words = {place: set(NAME.findall(text)) for place, text in texts.items()}
    for secret in secrets:
        for place, text in texts.items():
            if secret.text in (words[place] if secret.is_name else text):
                yield Leak(place, secret)


def _flat(text: str) -> str:
    return " ".join(text.split())


def _checks(course: Course) -> Iterator[Secret]:
    for step in (*course.steps, *course.practice):
        suite = step.suites().get("hidden")
        if suite is None:
            continue
        module = ast.parse(suite.read_text("utf-8"))
        for node in ast.walk(module):
            if isinstance(node, Function) and node.name.startswith("test_"):
                name = node.name.removeprefix("test_")
                yield Secret("a hidden check's name", node.name)
                yield Secret("a hidden check's name", f"{step.slug}.{name}")
                title = _flat(ast.get_docstring(node) or "")
                yield Secret("a hidden check's title", title)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                text = _flat(node.value)
                if len(text) >= SHORTEST_TEXT:
                    yield Secret("a text of a hidden suite", text)


def _pitfalls(course: Course) -> Iterator[Secret]:
    kept = reduce_course(course).pitfalls
    for slug, pitfall in course.pitfalls.items():
        if slug not in kept:
            yield Secret("a pitfall of hidden checks", slug)
            for text in (pitfall.diagnosis, pitfall.why, pitfall.way_out):
                yield Secret("a pitfall of hidden checks", _flat(text))


def _variants(course: Course) -> Iterator[Secret]:
    for kind in VARIANTS:
        for path in sorted(course.folder.glob(f"*/{kind}/*")):
            about = path / "variant.toml" if path.is_dir() else path
            if about.suffix != ".toml" or not about.is_file():
                continue
            name = f"{kind}/{path.stem}"
            yield Secret("a variant's name", name)
            text = str(tomllib.loads(about.read_text("utf-8")).get("about", ""))
            if text:
                yield Secret("what a variant is about", _flat(text))


def _solution_lines(course: Course) -> Iterator[Secret]:
    """Give the lines of the solutions that say something of their own."""
    for folder in course.solutions.values():
        for path in sorted(folder.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                for line in _telling(path.read_text("utf-8").splitlines()):
                    yield Secret(f"a line of {folder.name}'s solution", line)


def _notebook_lines(folder: Path) -> Iterator[str]:
    """Give the lines of the cells of a folder's notebooks."""
    for path in sorted(folder.glob("*.ipynb")):
        for cell in json.loads(path.read_text("utf-8"))["cells"]:
            yield from map(_flat, "".join(cell["source"]).splitlines())


def _telling(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        text = _flat(line)
        if len(text) >= SHORTEST_LINE and not text.startswith(COMMON):
            yield text
