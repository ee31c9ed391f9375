"""Match the names that other systems write with the students of a class."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from grader.gradebook.standing import Student

NO_LETTER = re.compile(r"[\W_]+")
IDENTITIES = ("key", "login", "email", "idnumber", "sis_user_id", "canvas_id")


@dataclass(frozen=True, slots=True)
class Clue:
    """What a system says of whose work something is."""

    kind: str
    """A field of ``Student``, ``squeezed`` (a name without spaces) or ``any``."""
    value: str


@dataclass(frozen=True, slots=True)
class Claim:
    """Everything that is said of whose work something is, the surest first."""

    clues: tuple[Clue, ...]
    stranger: Student
    """Who that would be in a class without a roster."""


@dataclass(frozen=True, slots=True)
class Match:
    """Who was found; or why nobody was."""

    student: Student | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Roster:
    """The students of a class; without any, everybody is taken at their word."""

    students: tuple[Student, ...] = ()
    _index: dict[tuple[str, str], list[Student]] = field(
        init=False, repr=False, default_factory=dict
    )

    def __post_init__(self) -> None:
        """Note everything that each student answers to."""
        for student in self.students:
            for entry in set(_entries(student)):
                self._index.setdefault(entry, []).append(student)

    def match(self, claim: Claim) -> Match:
        """Find the one student whom a claim means."""
        if not self.students:
            return Match(claim.stranger)
        for clue in claim.clues:
            found = self._answering(clue)
            if len(found) == 1:
                return Match(found[0])
            if found:
                keys = ", ".join(student.key for student in found)
                return Match(reason=f"{clue.value!r} may be any of {keys}")
        named = next((clue.value for clue in claim.clues), "")
        return Match(reason=f"nobody on the roster answers to {named!r}")

    def _answering(self, clue: Clue) -> Sequence[Student]:
        if clue.kind != "any":
            return self._index.get((clue.kind, _plain(clue.kind, clue.value)), ())
        for kind in (*IDENTITIES, "name", "squeezed"):
            found = self._index.get((kind, _plain(kind, clue.value)), ())
            if found:
                return found
        return ()


def _entries(student: Student) -> Iterable[tuple[str, str]]:
    for kind in (*IDENTITIES, "name"):
        plain = _plain(kind, getattr(student, kind))
        if plain:
            yield kind, plain
    words = _words(student.name)
    for start in range(len(words)):  # "Ada Lovelace" is written "lovelaceada", too
        yield "squeezed", "".join((*words[start:], *words[:start]))


def _plain(kind: str, value: str) -> str:
    """Give a value as it is compared: names in any order of their words."""
    if kind == "name":
        return " ".join(sorted(_words(value)))
    if kind == "squeezed":
        return "".join(_words(value))
    return _folded(value).strip()


def _words(name: str) -> list[str]:
    words = (NO_LETTER.sub("", word) for word in re.split(r"[\s,_]+", _folded(name)))
    return [word for word in words if word]


def _folded(text: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFKC", text).casefold())
