"""The checker that stays warm: asked again, never stale, ended on demand."""

import os
import stat
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.catalog import Course
from grader.errors import MisuseError
from grader.report import Outcome
from grader.sandbox.engines import Engine, PlainEngine
from grader.student import background
from grader.student.background import Place
from grader.student.checked import Checked

from .conftest import RIGHT, WRONG


@pytest.fixture
def engine() -> Engine:
    """Give an engine that starts fast."""
    return PlainEngine()


@pytest.fixture
def course(
    handed_out: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Course]:
    """Give a course whose background checkers are ended with the test."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    course = Course.read(handed_out / "checkpoints")
    yield course
    for path in tmp_path.glob("grader-*/check-*"):
        Place(course.folder, engine.name, path).stop()


def check(course: Course, engine: Engine, work: Path) -> Checked:
    """Check one step in the background."""
    return background.check(course, engine, work, ["greet"], lambda *_: None)


def sockets(folder: Path) -> set[str]:
    """Name where checkers listen."""
    return {path.name for path in folder.glob("grader-*/check-*")}


def test_it_is_asked_again(
    course: Course, engine: Engine, work: Path, tmp_path: Path
) -> None:
    """One process sees what changed, and nobody else can reach it."""
    (work / "greeting.py").write_text(WRONG)
    first = check(course, engine, work).steps["greet"]
    (work / "greeting.py").write_text(RIGHT)
    second = check(course, engine, work).steps["greet"]

    assert first[0].outcome is Outcome.FAILED
    assert second[0].outcome is Outcome.PASSED
    assert len(sockets(tmp_path)) == 1
    folder = next(tmp_path.glob("grader-*"))
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_changed_course_asks_another(
    course: Course, engine: Engine, work: Path, tmp_path: Path
) -> None:
    """What it was made of is in its name."""
    (work / "greeting.py").write_text(RIGHT)
    check(course, engine, work)
    before = sockets(tmp_path)
    suite = course.folder / "01_greet" / "test_visible.py"
    suite.write_text(f"{suite.read_text()}\n# changed\n")

    check(course, engine, work)

    assert len(sockets(tmp_path) - before) == 1


def test_a_folder_that_others_can_reach_is_not_used(
    course: Course, engine: Engine, work: Path, tmp_path: Path
) -> None:
    """It is checked here then."""
    (work / "greeting.py").write_text(RIGHT)
    folder = tmp_path / f"grader-{os.getuid()}"
    folder.mkdir()
    folder.chmod(0o777)

    assert check(course, engine, work).steps["greet"][0].outcome is Outcome.PASSED
    assert sockets(tmp_path) == set()


def test_the_socket_of_one_that_was_killed_does_no_harm(
    course: Course, engine: Engine, work: Path
) -> None:
    """Another one takes its place."""
    (work / "greeting.py").write_text(RIGHT)
    place = Place.find(course, engine)
    assert place is not None
    place.path.touch()

    assert check(course, engine, work).steps["greet"][0].outcome is Outcome.PASSED


def test_it_is_ended_on_demand(
    course: Course, engine: Engine, work: Path, tmp_path: Path
) -> None:
    """By whoever checks without it; misuse of it is only said."""
    with pytest.raises(MisuseError, match="is empty"):
        check(course, engine, work)
    (work / "greeting.py").write_text(RIGHT)
    check(course, engine, work)

    background.check(course, engine, work, ["greet"], lambda *_: None, background=False)

    deadline = time.monotonic() + 10
    while sockets(tmp_path) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert sockets(tmp_path) == set()
