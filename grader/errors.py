"""The kinds of errors that end a command, each with its exit code."""

from typing import ClassVar


class GraderError(Exception):
    """An error that says what happened and what to do next."""

    exit_code: ClassVar[int] = 1

    def __init__(self, *, problem: str, next_step: str) -> None:
        """Refuse to exist without a problem and a next step."""
        if not problem.strip() or not next_step.strip():
            raise ValueError("an error needs a problem and a next step")
        super().__init__(problem, next_step)
        self.problem = problem
        self.next_step = next_step

    def __str__(self) -> str:
        return f"{self.problem}\n  {self.next_step}"


class MisuseError(GraderError):
    """The command was given something that it cannot work with."""

    exit_code: ClassVar[int] = 2


class GraderFault(GraderError):  # noqa: N818 - errors are theirs, a fault is ours
    """The grader or the course is wrong, not the submission."""

    exit_code: ClassVar[int] = 3
