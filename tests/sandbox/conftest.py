"""A stage that all tests of the sandbox share, as submissions do."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from grader.bench import open_for_course, open_stage
from grader.catalog import Course
from grader.grading import Options, grade
from grader.report import Report
from grader.sandbox.choice import prove
from grader.sandbox.engines import BubblewrapEngine, Engine, find_bubblewrap
from grader.sandbox.stage import Stage

ROOT = Path(__file__).parent.parent.parent
COURSE = ROOT / "tests" / "assets" / "courses" / "two_steps"


@pytest.fixture(scope="session")
def isolation() -> Engine:
    """Give an engine that isolates, or skip with the reason why there is none."""
    bwrap = find_bubblewrap()
    problem = "bubblewrap is not installed" if bwrap is None else prove(bwrap)
    if bwrap is None or problem is not None:
        pytest.skip(f"needs namespaces: {problem}")
    return BubblewrapEngine(bwrap)


@pytest.fixture
def service_without_tests(tmp_path: Path) -> Path:
    """Copy the finished service into a folder, for tests of another kind."""
    leave_out = shutil.ignore_patterns("tests", "__pycache__")
    for name in ("movie_service", "migrations"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=leave_out)
    shutil.copy(ROOT / "alembic.ini", tmp_path)
    return tmp_path


@pytest.fixture(scope="session")
def course() -> Course:
    """Give the smallest course there is."""
    return Course.read(COURSE)


@pytest.fixture(scope="session")
def stage(isolation: Engine, course: Course) -> Iterator[Stage]:
    """Give one running stage."""
    with open_stage(course, isolation) as stage:
        yield stage


@pytest.fixture
def grade_in_sandbox(stage: Stage, course: Course) -> Callable[[Path], Report]:
    """Grade a folder on the shared stage."""
    return lambda path: grade(course, stage, open_for_course(path, course), Options())
