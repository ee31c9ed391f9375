"""The visible part of a course: its suites, and what they need of the rest."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from grader.catalog import Course, Step

from .manifests import Table, joined, select, tables
from .reduction import mentioned, reduce_module

PROBES, CONFTEST, PITFALLS = "probes.py", "conftest.py", "pitfalls.toml"
SUITE, MANIFEST, COURSE = "test_visible.py", "checkpoint.toml", "course.toml"
AUTHORS = frozenset({"kit", "verify", "notebooks"})
"""The tables of course.toml that only its authors need."""
HIDDEN = frozenset({"notebooks"})
"""The tables of a checkpoint that are about hidden suites."""
AUTHORS_KEYS = ("solutions", "labs", "chaffs")
"""Keys that name folders which stay with the authors."""
VISIBLE_ONLY = """[kit]
# The hidden suites stayed with the instructor, who grades with them.
visible_only = true
"""


@dataclass(frozen=True, slots=True)
class Reduced:
    """What is kept of a course's modules and pitfalls."""

    modules: Mapping[str, str]
    """Source by path below the course's folder."""
    pitfalls: frozenset[str]


def visible_files(course: Course) -> dict[str, bytes]:
    """Make the files of a course that holds its visible suites only."""
    reduced = reduce_course(course)
    files = {path: source.encode() for path, source in reduced.modules.items()}
    files |= _plain(course.folder, (CONFTEST, "rehearsal.py"))
    files[COURSE] = _course_manifest(course).encode()
    for step in course.steps:
        name = step.folder.name
        manifest = (step.folder / MANIFEST).read_text("utf-8")
        shown = (table for table in tables(manifest) if table.name not in HIDDEN)
        kept = joined(map(_without_places, shown))
        files[f"{name}/{MANIFEST}"] = kept.encode()
        files |= _data_files(step, reduced)
    for path in course.folder.glob(f"**/{PITFALLS}"):
        mistakes = select(path.read_text("utf-8"), reduced.pitfalls.__contains__)
        place = path.relative_to(course.folder).as_posix()
        files |= {place: mistakes.encode()} if mistakes.strip() else {}
    return files


def reduce_course(course: Course) -> Reduced:
    """Reduce every module to what the visible suites ask of it."""
    modules: dict[str, str] = {}
    for step in course.steps:
        modules |= _step_modules(step)
    shared = course.folder / PROBES
    if shared.is_file():
        wanted = {word for source in modules.values() for word in mentioned(source)}
        modules[PROBES] = reduce_module(shared.read_text("utf-8"), wanted)
    texts = {text for source in modules.values() for text in _texts(source)}
    return Reduced(modules, frozenset(texts & course.pitfalls.keys()))


def _step_modules(step: Step) -> dict[str, str]:
    suite = step.folder / SUITE
    if not suite.is_file():
        return {}
    found = {f"{step.folder.name}/{SUITE}": suite.read_text("utf-8")}
    for name in (CONFTEST, PROBES):
        path = step.folder / name
        if path.is_file():
            wanted = {word for source in found.values() for word in mentioned(source)}
            kept = reduce_module(path.read_text("utf-8"), wanted)
            found[f"{step.folder.name}/{name}"] = kept
    return found


def _texts(source: str) -> set[str]:
    return {
        node.value
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def _data_files(step: Step, reduced: Reduced) -> dict[str, bytes]:
    """Give the files beside a suite that its kept modules name."""
    folder = step.folder.name
    texts = {
        text
        for path, source in reduced.modules.items()
        if path.startswith(f"{folder}/")
        for text in _texts(source)
    }
    code = {SUITE, CONFTEST, PROBES, MANIFEST, PITFALLS, "test_hidden.py"}
    names = tuple(sorted(path.name for path in step.folder.iterdir() if path.is_file()))
    wanted = tuple(name for name in names if name in texts - code)
    return {f"{folder}/{n}": c for n, c in _plain(step.folder, wanted).items()}


def _plain(folder: Path, names: tuple[str, ...]) -> dict[str, bytes]:
    found = {name: folder / name for name in names}
    return {name: path.read_bytes() for name, path in found.items() if path.is_file()}


def _course_manifest(course: Course) -> str:
    path = course.folder / COURSE
    text = path.read_text("utf-8") if path.is_file() else ""
    own = (table for table in tables(text) if table.name not in AUTHORS)
    return joined(chain(map(_without_places, own), tables(VISIBLE_ONLY)))


def _without_places(table: Table) -> Table:
    if table.name in {"layers", "verify"}:
        for key in AUTHORS_KEYS:
            table = table.without(key)
    return table
