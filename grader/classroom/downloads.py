"""Read what other systems call a submission: Moodle, Canvas, Gradescope, a folder."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from grader.errors import MisuseError
from grader.gradebook.standing import Student
from grader.report import readable

from .naming import Claim, Clue

ZIP = ".zip"
GRADESCOPE_LIST = "submission_metadata.yml"
SAFE: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The same in C, where it is there: an export has every score of every attempt."""
MOODLE = re.compile(
    r"(?P<name>.+)_(?P<id>\d+)_assignsubmission_(?P<kind>file|onlinetext)_?(?P<file>.*)"
)
CANVAS = re.compile(
    r"(?P<name>[^_]+(?:_[^_]+)*?)(?P<late>_LATE)?_(?P<id>\d+)_\d+_(?P<file>.+)"
)
LITTER = {"__MACOSX", "Thumbs.db", "desktop.ini"}


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that lies in a folder of submissions, and whose it is said to be."""

    place: Path
    claims: tuple[Claim, ...]
    """One for each of those who handed it in together."""
    submitted_at: datetime | None = None
    marked_late: bool = False
    alone: bool = True
    """Whether it is a whole work, and not one of several files."""


def list_entries(folder: Path) -> list[Entry]:
    """List what lies in a folder of submissions.

    Raises:
        MisuseError: if it cannot be read.
    """
    try:
        places = sorted(path for path in folder.iterdir() if not is_litter(path))
    except OSError as error:
        raise MisuseError(
            problem=f"{folder} cannot be read as a folder: {error.strerror}.",
            next_step="Give the folder that holds the submissions; unpack a download.",
        ) from error
    facts = _gradescope(folder / GRADESCOPE_LIST)
    return [
        _entry(place, facts.get(place.name))
        for place in places
        if place.name != GRADESCOPE_LIST
    ]


def is_litter(path: Path) -> bool:
    """Say whether a system left this, and no person."""
    return path.name.startswith(".") or path.name in LITTER


def _entry(place: Path, facts: dict[str, Any] | None) -> Entry:
    if facts is not None:
        return _of_gradescope(place, facts)
    said = readable(place.name)  # no database takes halves of characters
    moodle = MOODLE.fullmatch(said)
    if moodle:
        name = moodle["name"]
        clues = [Clue("name", name)]
        if "-" in name:  # a group's name may stand before it
            clues.append(Clue("name", name.partition("-")[2]))
        claim = Claim(tuple(clues), Student(name, name=name))
        return Entry(place, (claim,), alone=place.is_dir())
    canvas = CANVAS.fullmatch(said)
    if canvas and not place.is_dir():
        clue = Clue("canvas_id", canvas["id"]), Clue("squeezed", canvas["name"])
        stranger = Student(canvas["id"], name=canvas["name"], canvas_id=canvas["id"])
        late = canvas["late"] is not None
        return Entry(place, (Claim(clue, stranger),), marked_late=late, alone=False)
    name = said[: -len(ZIP)] if said.lower().endswith(ZIP) else said
    return Entry(place, (Claim((Clue("any", name),), Student(name, name=name)),))


def _gradescope(path: Path) -> dict[str, dict[str, Any]]:
    if not path.is_file():
        return {}
    try:
        facts = yaml.load(path.read_text("utf-8"), Loader=SAFE)  # noqa: S506 - it is
    except (OSError, ValueError, yaml.YAMLError) as error:
        said = str(error).partition("\n")[0]
        raise MisuseError(
            problem=f"{path} cannot be read: {said}.",
            next_step="Download the export from Gradescope again.",
        ) from error
    if not isinstance(facts, dict):
        return {}
    return {str(key): one for key, one in facts.items() if isinstance(one, dict)}


def _of_gradescope(place: Path, facts: dict[str, Any]) -> Entry:
    people = facts.get(":submitters")
    listed = people if isinstance(people, list) else []
    claims = tuple(_submitter(one) for one in listed if isinstance(one, dict))
    came = facts.get(":created_at")
    if isinstance(came, datetime):
        came = came if came.tzinfo else came.replace(tzinfo=UTC)
    return Entry(place, claims, came if isinstance(came, datetime) else None)


def _submitter(facts: dict[str, Any]) -> Claim:
    name, email, number = (
        str(facts.get(key) or "") for key in (":name", ":email", ":sid")
    )
    clues = (Clue("email", email), Clue("idnumber", number), Clue("name", name))
    stranger = Student(email or number or name, name=name, email=email, idnumber=number)
    return Claim(tuple(clue for clue in clues if clue.value), stranger)


def works_in(folder: Path) -> Iterator[Path]:
    """Give the zips of a folder that holds nothing but zips.

    A link is none: it could lead to the work of somebody else.
    """
    inside = [path for path in folder.iterdir() if not is_litter(path)]
    zips = [path for path in inside if path.suffix.lower() == ZIP]
    are_files = all(path.is_file() and not path.is_symlink() for path in zips)
    if are_files and len(zips) == len(inside):
        yield from sorted(zips)
