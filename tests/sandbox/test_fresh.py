"""Without forks: the same questions get the same answers, on any system."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.sandbox import choice
from grader.sandbox.engines import FreshEngine, PlainEngine
from grader.sandbox.fresh import FreshStage
from grader.sandbox.interpreter import inspect
from grader.sandbox.limits import Limits
from grader.sandbox.stage import Lodging, Plan, Stage
from grader.sandbox.world import Program

PROBES = Program(
    "probes.py",
    """
import os, sys, time

def add(box, left, right):
    print("adding")
    return left + right

def fail(box):
    import wrong

def leave(box):
    os._exit(3)

def sleep(box):
    time.sleep(600)

def write(box):
    with open("made.txt", "w") as made:
        made.write("here")
    return os.listdir(".")

def stay(box):
    box.answer({"started": True})
    time.sleep(600)

def close(box):
    os.mkdir("closed")
    open("closed/file", "w").close()
    os.chmod("closed", 0)
""",
)
FILES = {"wrong.py": b"import no_such_package\n", "pack/age.py": b""}
# What only some systems have; imported first, since the library looks at it then.
ELSEWHERE = """
import asyncio, os, shutil, socket, ssl, subprocess, sys, tempfile
for name in ("fork", "O_DIRECTORY", "O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "getuid",
             "setsid", "register_at_fork", "forkpty"):
    delattr(os, name)
for name in ("AF_UNIX", "send_fds", "recv_fds"):
    delattr(socket, name)
os.supports_dir_fd = set()
for name in ("resource", "fcntl", "pwd", "grp"):
    sys.modules[name] = None
from grader.sandbox.inside import fresh, run_alembic, run_command, run_tests, serve
from grader.cli import run
sys.exit(run(sys.argv[1:]))
"""


@pytest.fixture(scope="module")
def fresh() -> Iterator[Stage]:
    """Give the stage that forks nothing."""
    interpreter = inspect(Path(sys.executable))
    with FreshStage(FreshEngine(), interpreter, Plan(("json",)), Limits()) as stage:
        yield stage


def test_a_question_is_answered(fresh: Stage) -> None:
    """With its output."""
    with fresh.world(FILES, Lodging()) as world:
        seen = world.ask(PROBES, "add", {"left": 40, "right": 2})

    assert seen.value == 42
    assert seen.output == "adding\n"


@pytest.mark.parametrize("function", ["fail", "leave"])
def test_what_goes_wrong_is_told_as_with_forks(fresh: Stage, function: str) -> None:
    """Errors, their lines, exits."""
    interpreter = inspect(Path(sys.executable))
    with fresh.world(FILES, Lodging()) as world:
        here = world.ask(PROBES, function, {})
    with (
        Stage(PlainEngine(), interpreter, Plan(), Limits()) as stage,
        stage.world(FILES, Lodging()) as world,
    ):
        there = world.ask(PROBES, function, {})

    assert (here.outcome, here.error) == (there.outcome, there.error)
    assert here.exit_code == there.exit_code


def test_what_never_ends_is_ended(fresh: Stage) -> None:
    """In its time."""
    with fresh.world(FILES, Lodging()) as world:
        seen = world.ask(PROBES, "sleep", {}, timeout_s=1.0)

    assert seen.outcome == "timeout"


def test_files_stay_until_the_reset(fresh: Stage) -> None:
    """A later process sees what an earlier one wrote."""
    with fresh.world(FILES, Lodging()) as world:
        world.ask(PROBES, "write", {})
        made = world.read("project/made.txt")
        listed = "project/made.txt" in world.files()
        world.put({"pack/age.py": b"new"})
        put = world.read("project/pack/age.py")
        world.reset()

        assert (made, listed, put) == (b"here", True, b"new")
        assert world.read("project/made.txt") is None
        assert world.read("project/pack/age.py") == b""


def test_a_process_that_stays_is_stopped(fresh: Stage) -> None:
    """By its number, or with its world."""
    with fresh.world(FILES, Lodging()) as world:
        first = world.start(PROBES, "stay", {})
        second = world.start(PROBES, "stay", {})
        ran, _, _ = world.stop(first.pid)
    deadline = time.monotonic() + 5
    while Path(f"/proc/{second.pid}").exists() and time.monotonic() < deadline:
        time.sleep(0.02)

    assert first.value == {"started": True}
    assert ran
    with pytest.raises(ProcessLookupError):
        os.kill(second.pid, 0)


def test_closed_folders_are_removed(fresh: Stage) -> None:
    """Nothing of a world stays on the disk."""
    with fresh.world(FILES, Lodging()) as world:
        world.ask(PROBES, "close", {})
        root = Path(world.root)

    assert not root.exists()


def test_links_are_not_read(fresh: Stage, tmp_path: Path) -> None:
    """They lead out of the world."""
    (tmp_path / "secret").write_text("secret")
    with fresh.world(FILES, Lodging()) as world:
        Path(world.root, "project", "link").symlink_to(tmp_path)

        assert world.read("project/link/secret") is None


def test_without_forks_no_sandbox_means_fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asks for none gets what there is."""
    monkeypatch.delattr(os, "fork")

    chosen = choice.choose_engine("none", own_folder=True)

    assert chosen.engine == FreshEngine()


def test_a_student_can_check_on_a_system_without_all_that(tmp_path: Path) -> None:
    """No forks, no Unix sockets, no limits, no files opened beneath folders."""
    course = Path(__file__).resolve().parents[1] / "assets" / "courses"
    work = tmp_path / "work"
    work.mkdir()
    (work / "greeting.py").write_text('def greet(name):\n    return f"Hi {name}"\n')
    checkpoints = str(course / "verify_course" / "checkpoints")
    given = ["--workspace", str(work), "--checkpoints", checkpoints]

    done = subprocess.run(
        [
            sys.executable,
            "-c",
            ELSEWHERE,
            "check",
            "greet",
            "--sandbox",
            "none",
            *given,
        ],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert "1 of 1 checks" in done.stdout
