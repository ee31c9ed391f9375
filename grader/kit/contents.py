"""Put a kit together: what each of its files holds."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from grader.catalog import Course
from grader.errors import GraderFault
from grader.submission.names import is_junk

from .manifests import joined, tables
from .secrets import leaks, secrets_of
from .settings import KitSettings, read_kit_settings
from .visible import visible_files

MARKER = "kit.json"
FORMAT = 1
PROJECT, TOOLS = "pyproject.toml", "pyproject.tools.toml"
# What the lock file locks; the tools of a student are the template's.
LOCKED = ("project", "dependency-groups", "build-system", "tool.hatch")
LOCK, OURSELVES = "uv.lock", b'source = { editable = "." }\n'
# uv locks also that students install no tools of the grader's own.
NO_TOOLS = b"default-groups = []\n"


@dataclass(frozen=True, slots=True)
class Kit:
    """The files that students receive, by path."""

    name: str
    files: Mapping[str, bytes]


def make_kit(course: Course) -> Kit:
    """Make the kit of a course.

    Raises:
        MisuseError: if no kit can be made of this course.
        GraderFault: if the kit would hold what students must not see.
    """
    settings = read_kit_settings(course)
    visible = _below(course.folder.name, visible_files(course))
    labs = _below(settings.labs.name, _labs(course, settings))
    files = {
        **_carried(settings),
        **_read(course.baseline or settings.labs),
        **visible,
        **labs,
        **_project(settings),
    }
    starters = [labs[path] for path in labs if not path.endswith(".md")]
    told = [*visible.values(), *starters]
    found = list(leaks(secrets_of(course, told), files))
    if found:
        first = found[0]
        raise GraderFault(
            problem=f"{first.place} would tell students {first.secret.what}: "
            f'"{first.secret.text}"; {len(found)} such places in all.',
            next_step="Reword the file, or what it gives away.",
        )
    return Kit(settings.name, files | _marker(files))


def _marker(files: Mapping[str, bytes]) -> dict[str, bytes]:
    digests = {path: hashlib.sha256(files[path]).hexdigest() for path in sorted(files)}
    facts = {"kit": FORMAT, "files": digests}
    return {MARKER: f"{json.dumps(facts, indent=2)}\n".encode()}


def _labs(course: Course, settings: KitSettings) -> dict[str, bytes]:
    """Give the labs, without files in which a starter goes on with an earlier solution.

    They would tell the solution, and students go on with their own.
    """
    files = _read(settings.labs)
    solved: set[str] = set()
    for step in course.steps:
        starter = f"{step.folder.name}/starter/"
        for path in [path for path in files if path.startswith(starter)]:
            if path.removeprefix(starter) in solved:
                del files[path]
        if step.slug in course.solutions:
            solved |= _read(course.solutions[step.slug]).keys()
    return files


def _carried(settings: KitSettings) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    for name in settings.carries:
        path = settings.root / name
        if path.is_file():
            files[name] = path.read_bytes()
        elif path.is_dir():
            files |= _below(name, _read(path))
    return files


def _project(settings: KitSettings) -> dict[str, bytes]:
    """Give the template's files, its tools joined to what the lock file is made of."""
    files = {
        path.relative_to(settings.template).as_posix(): path.read_bytes()
        for path in _paths(settings.template)
    }
    tools = files.pop(TOOLS, b"").decode()
    own = (settings.root / PROJECT).read_text("utf-8")
    kept = [table for table in tables(own) if table.name.startswith(LOCKED)]
    files[PROJECT] = joined([*kept, *tables(tools)]).encode()
    lock = settings.root / LOCK
    if lock.is_file():
        files[LOCK] = lock.read_bytes().replace(OURSELVES, OURSELVES + NO_TOOLS)
    return files


def _read(folder: Path) -> dict[str, bytes]:
    """Read a folder of the course, without what tools left in it."""
    found = {path.relative_to(folder).as_posix(): path for path in _paths(folder)}
    return {n: path.read_bytes() for n, path in found.items() if not is_junk(n)}


def _paths(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file())


def _below(folder: str, files: Mapping[str, bytes]) -> dict[str, bytes]:
    return {f"{folder}/{path}": content for path, content in files.items()}
