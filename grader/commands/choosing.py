"""Choose what of a class a command is about, and what its students are shown."""

import difflib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from grader.disclosure import Disclosure
from grader.errors import MisuseError
from grader.gradebook.standing import Standing

if TYPE_CHECKING:
    from grader.gradebook.standings import Class

Students = Annotated[
    list[str] | None,
    typer.Option("--student", help="Only this one, by key; may be given again."),
]
Title = Annotated[
    str | None,
    typer.Option("--title", help="The assignment's name; else the class's."),
]
Hidden = Annotated[
    Disclosure | None,
    typer.Option("--hidden", help="How much of hidden checks; else the class's rule."),
]


def open_class(gradebook: str, course: Path | None) -> "Class":
    """Read a class; here, so that commands without one never load a database."""
    from grader.gradebook.reading import read_class

    return read_class(gradebook, course)


def chosen(
    standings: Sequence[Standing], keys: Sequence[str] | None
) -> tuple[Standing, ...]:
    """Give the standings of some students, or of all without a name.

    Raises:
        MisuseError: if nobody has one of the keys.
    """
    return tuple(find(standings, key) for key in keys) if keys else tuple(standings)


def find(standings: Sequence[Standing], named: str) -> Standing:
    """Give the standing of one student, by key, or by a name, login or email of one.

    Raises:
        MisuseError: if that is nobody, or several, with the nearest that there are.
    """
    for standing in standings:
        if standing.student.key == named:
            return standing
    found = [s for s in standings if named and named in _known_as(s)]
    if len(found) == 1:
        return found[0]
    keys = [standing.student.key for standing in standings]
    if found:
        several = ", ".join(standing.student.key for standing in found)
        raise MisuseError(
            problem=f'Several students are called "{named}".',
            next_step=f"Name one by key: {several}.",
        )
    near = difflib.get_close_matches(named, keys, 1)
    guess = f'Did you mean "{near[0]}"? ' if near else ""
    raise MisuseError(
        problem=f'There is no student "{named}" in this gradebook.',
        next_step=f"{guess}`grader gradebook` lists all {len(keys)}.",
    )


def _known_as(standing: Standing) -> tuple[str, ...]:
    student = standing.student
    return student.name, student.login, student.email
