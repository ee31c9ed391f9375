"""Check a workspace with the visible suites, on a stage that stays warm."""

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.asking.draw import draw_seed
from grader.bench import Opened, open_for_course, open_stage, sandbox_for
from grader.catalog import Course
from grader.errors import GraderFault
from grader.sandbox.engines import Engine
from grader.sandbox.stage import Stage
from grader.suites import run_suites

from .checked import Checked, OnCheck


@dataclass(frozen=True, slots=True)
class Checker:
    """A course on a running stage; checks any number of times."""

    course: Course
    stage: Stage

    def check(
        self, folder: Path, slugs: Sequence[str], on_check: OnCheck = lambda *_: None
    ) -> Checked:
        """Check a folder's files as they are now.

        Raises:
            MisuseError: if there is nothing to check.
        """
        course, stage = self.course, self.stage
        chosen = [step for step in course.steps if step.slug in slugs]
        steps = [step.only("visible") for step in chosen]
        bare = [step.slug for step in steps if not step.suites()]
        if bare:
            raise GraderFault(
                problem=f"There is no visible suite of {', '.join(bare)}.",
                next_step="Use the folder that your instructor handed out, whole.",
            )
        opened = open_for_course(folder, course)
        sandbox = sandbox_for(course, stage, opened, draw_seed())
        found = run_suites(course, sandbox, steps, on_check)
        return Checked(
            digest=opened.tree.digest,
            steps=found,
            found=_places(opened),
            notes=opened.layout.notes,
            packages=stage.versions,
            sandbox=stage.engine.name,
        )


def _places(opened: Opened) -> dict[str, str]:
    found = {role: opened.layout.locate(role) for role in opened.layout.paths}
    return {role: place for role, place in found.items() if place is not None}


@contextlib.contextmanager
def open_checker(course: Course, engine: Engine) -> Iterator[Checker]:
    """Start a stage for any number of checks."""
    with open_stage(course, engine) as stage:
        yield Checker(course, stage)
