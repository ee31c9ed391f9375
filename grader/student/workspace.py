"""A workspace: the folder that a student works in, and what the bench keeps there."""

from dataclasses import dataclass
from pathlib import Path

from grader.catalog import Course, Step
from grader.errors import MisuseError

STATE = ".grader"


@dataclass(frozen=True, slots=True)
class Workspace:
    """A student's folder."""

    folder: Path

    @property
    def state(self) -> Path:
        """Return the folder of what the bench keeps."""
        return self.folder / STATE

    @property
    def is_ours(self) -> bool:
        """Say whether it is the folder one stands in, or one around that."""
        return Path.cwd().is_relative_to(self.folder)

    def read(self, path: str) -> bytes | None:
        """Read one of its files; None if there is none.

        Raises:
            MisuseError: if something else is in its place, or it cannot be read.
        """
        place = self.folder
        for part in path.split("/"):
            place = place / part
            if place.is_symlink():
                shown = place.relative_to(self.folder).as_posix()
                raise MisuseError(
                    problem=f"{shown} is a link.",
                    next_step="Put the file or folder itself there, and try again.",
                )
        if not place.exists():
            return None
        try:
            return place.read_bytes()
        except OSError as error:
            raise MisuseError(
                problem=f"{path} cannot be read: {error.strerror}.",
                next_step="Move it away or make it readable, and try again.",
            ) from error


def find_workspace(given: Path | None) -> Workspace:
    """Find the workspace: what was given, or the nearest one around here.

    Raises:
        MisuseError: if what was given is no folder.
    """
    here = Path.cwd()
    if given is None:
        found = (place for place in (here, *here.parents) if (place / STATE).is_dir())
        return Workspace(next(found, here))
    if not given.is_dir():
        raise MisuseError(
            problem=f"There is no folder {given}.",
            next_step="Make it, or give --workspace the folder that you work in.",
        )
    return Workspace(given.resolve())


def require_student_folder(workspace: Workspace, course: Course) -> None:
    """Refuse to lay files over the course's own repository.

    Raises:
        MisuseError: if the folder holds the hidden suites.
    """
    hidden = any("hidden" in step.suites() for step in course.steps)
    if hidden and course.folder.is_relative_to(workspace.folder):
        raise MisuseError(
            problem="This folder is the course itself, not a workspace.",
            next_step="Make an empty folder and give it: --workspace ../my-work",
        )


def choose_step(course: Course, name: str) -> Step:
    """Return a step by its slug, its number or its folder's name.

    Raises:
        MisuseError: if there is none.
    """
    if name.isdecimal():
        number = int(name)
        if 1 <= number <= len(course.steps):
            return course.steps[number - 1]
        raise MisuseError(
            problem=f"There is no step {name}.",
            next_step=f"The steps are 1 to {len(course.steps)}; see `grader steps`.",
        )
    folders = {step.folder.name: step for step in course.steps}
    return folders.get(name) or course.step(name)
