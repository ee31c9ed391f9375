"""Prepare everything that grading one submission needs: course, stage, worlds."""

import contextlib
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from .asking.notebook import HandedIn, Notebook, find_notebook, open_notebook
from .asking.project import Sandbox, join_probes, read_probes
from .catalog import DEFAULT_COURSE as DEFAULT_COURSE
from .catalog import Course, Notebooks, Practice
from .errors import MisuseError
from .sandbox.choice import choose_engine
from .sandbox.engines import Engine, FreshEngine
from .sandbox.fresh import FreshStage
from .sandbox.interpreter import inspect
from .sandbox.limits import Limits
from .sandbox.stage import Plan, Stage
from .submission.layout import Layout, find_layout, require_service
from .submission.opening import Submission, open_submission
from .submission.relocation import relocate
from .submission.tree import Tree

STANDARD_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Opened:
    """A submission, and where its parts are."""

    submission: Submission
    layout: Layout

    @property
    def tree(self) -> Tree:
        """Return the submission's files."""
        return self.submission.tree


def open_for_course(path: Path, course: Course) -> Opened:
    """Open a submission and find the course's roles in it.

    Raises:
        MisuseError: if there is nothing to grade.
    """
    submission = open_submission(path, leave_out=course.leave_out)
    layout = find_layout(submission.tree, course.roles)
    if course.roles:
        require_service(layout, course.service)
    return Opened(submission, layout)


@contextlib.contextmanager
def open_stage(
    course: Course,
    engine: Engine,
    python: Path | None = None,
    limits: Limits = STANDARD_LIMITS,
) -> Iterator[Stage]:
    """Start the warm stage of a course."""
    shared = read_probes(course.folder)
    own = (read_probes(step.folder) for step in course.steps)
    programs = tuple(join_probes(shared, probes) for probes in own)
    plan = Plan(course.libraries, course.rehearsal, programs)
    interpreter = inspect(python or Path(sys.executable))
    interpreter.compile_packages()
    kind = FreshStage if isinstance(engine, FreshEngine) else Stage
    with kind(engine, interpreter, plan, limits) as stage:
        yield stage


def sandbox_for(
    course: Course,
    stage: Stage,
    opened: Opened,
    seed: int,
    tree: Tree | None = None,
) -> Sandbox:
    """Give the worlds of a submission, or of other files in its layout."""
    return Sandbox(
        stage=stage,
        tree=opened.tree if tree is None else tree,
        layout=opened.layout,
        environment=course.environment,
        seed=seed,
        course_probes=read_probes(course.folder),
        reference=lambda upto: relocate(
            course.reference(upto), course.roles, opened.layout
        ),
    )


def hand_in(notebooks: Notebooks, sandbox: Sandbox, practice: Practice) -> HandedIn:
    """Find one of a course's notebooks in a submission, and rebuild it."""
    name, folder = practice.slug, notebooks.source.name
    return find_notebook(sandbox.tree, name, notebooks.read(name), folder)


@contextlib.contextmanager
def practise(
    course: Course, sandbox: Sandbox, practice: Practice
) -> Iterator[Notebook]:
    """Give one of a course's notebooks as a submission has it, ready to be asked.

    Raises:
        MisuseError: if the course keeps no notebooks.
    """
    if course.notebooks is None:
        raise MisuseError(
            problem=f"{course.folder} names no notebooks.",
            next_step="Add [notebooks] with source and finished to its course.toml.",
        )
    handed_in = hand_in(course.notebooks, sandbox, practice)
    probes = practice.probes
    with open_notebook(
        sandbox,
        handed_in,
        probes.read_text("utf-8") if probes.is_file() else "",
        course.notebooks.libraries,
    ) as notebook:
        yield notebook


def open_by_hand(
    path: Path, *, folder: Path, seed: int, sandbox: str, python: str | None
) -> tuple[Course, Sandbox, Callable[[], None]]:
    """Prepare a suite that an instructor runs with plain pytest.

    Returns:
        The course, the submission's worlds, and what to call in the end.
    """
    with contextlib.ExitStack() as opening:
        course = Course.read(folder)
        opened = open_for_course(path, course)
        engine = choose_engine(sandbox, own_folder=path.resolve() == Path.cwd()).engine
        chosen = Path(python) if python else None
        stage = opening.enter_context(open_stage(course, engine, chosen))
        worlds = sandbox_for(course, stage, opened, seed)
        opening.callback(worlds.close)
        return course, worlds, opening.pop_all().close
