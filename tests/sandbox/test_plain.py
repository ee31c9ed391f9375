"""Without isolation: what a submission leaves is still ended and removed."""

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.sandbox.engines import PlainEngine
from grader.sandbox.interpreter import inspect
from grader.sandbox.limits import Limits
from grader.sandbox.stage import Lodging, Plan, Stage
from grader.sandbox.world import Program

LEAVES = Program(
    "leaves.py",
    """
import os, time

def daemon(box):
    reader, writer = os.pipe()
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.write(writer, str(os.getpid()).encode())
            time.sleep(600)
        os._exit(0)
    return int(os.read(reader, 20))

def output(box):
    for _ in range(100):
        print("x" * 1_000_000)

def folders(box):
    os.chdir(os.environ["TMPDIR"])
    for _ in range(1_500):
        os.mkdir("a")
        os.chdir("a")
    os.chdir(box.project)
    os.mkdir("closed")
    open("closed/file", "w").close()
    os.chmod("closed", 0)
""",
)


@pytest.fixture
def stage() -> Iterator[Stage]:
    """Give a stage that isolates nothing."""
    interpreter = inspect(Path(sys.executable))
    with Stage(PlainEngine(), interpreter, Plan(), Limits()) as stage:
        yield stage


def test_a_daemon_ends_with_its_world(stage: Stage) -> None:
    """A process that left its group and its parent is found and ended."""
    with stage.world({}, Lodging()) as world:
        pid = world.ask(LEAVES, "daemon", {}).value
    deadline = time.monotonic() + 5
    while Path(f"/proc/{pid}").exists() and time.monotonic() < deadline:
        time.sleep(0.02)

    assert type(pid) is int
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_output_is_bounded(stage: Stage) -> None:
    """Of endless output only the end is shown, and little is kept."""
    with stage.world({}, Lodging()) as world:
        seen = world.ask(LEAVES, "output", {})
        sizes = [size for size, _ in world.files().values()]

    assert len(seen.output) <= 16_000
    assert max(sizes) <= Limits().file_bytes


def test_deep_and_closed_folders_are_removed(stage: Stage) -> None:
    """Nothing of a world stays on the disk."""
    with stage.world({}, Lodging()) as world:
        seen = world.ask(LEAVES, "folders", {})
        root = Path(world.root)

    assert seen.error is None
    assert not root.exists()
