"""What the tests of several commands share."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from grader import cli

COURSE = Path(__file__).resolve().parents[1] / "assets" / "courses" / "verify_course"
RIGHT = 'def greet(name):\n    return f"Hi {name}"\n'
WRONG = 'def greet(name):\n    return "Hi"\n'
CHECKED = {"check", "submit"}

Bench = Callable[..., int]


@pytest.fixture
def handed_out(tmp_path: Path) -> Path:
    """Give a tiny course as students have it: no hidden suite, no solutions."""
    course = tmp_path / "course"
    shutil.copytree(COURSE, course)
    shutil.rmtree(course / "solutions")
    second = course / "checkpoints" / "02_count"
    (second / "test_hidden.py").rename(second / "test_visible.py")
    return course


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """Give an empty workspace."""
    folder = tmp_path / "work"
    folder.mkdir()
    return folder


@pytest.fixture
def bench(handed_out: Path, work: Path) -> Bench:
    """Run a student's command in the workspace; nothing stays in the background."""

    def run(command: str, *arguments: str) -> int:
        given = ["--workspace", str(work), "--checkpoints"]
        given.append(str(handed_out / "checkpoints"))
        if command in CHECKED and "--sandbox" not in arguments:
            given += ["--sandbox", "none"]
        if command in CHECKED and "--background" not in arguments:
            given += ["--no-background"]
        return cli.run([command, *arguments, *given])

    return run
