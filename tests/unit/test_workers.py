"""Test the workers with real processes and harmless tasks."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from grader.errors import GraderFault
from grader.workers import Lost, run_tasks

ROOT = Path(__file__).parent.parent.parent
PATIENCE_S = 60.0
FAR_S = 3_600


@contextlib.contextmanager
def opened(folder: Path | None = None) -> Iterator[Callable[[str], str]]:
    """Prepare what answers tasks; leave a file behind when it ends in order."""

    def answer(task: str) -> str:
        if task == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        if task == "fault":
            raise GraderFault(problem="the sandbox is broken.", next_step="Wait.")
        if task == "bug":
            raise LookupError("nobody expected this")
        if task == "sleep":
            time.sleep(FAR_S)
        if task == "tell":
            assert folder is not None
            (folder / str(os.getpid())).touch()
            time.sleep(FAR_S)
        return f"{task}!"

    try:
        yield answer
    finally:
        if folder is not None:
            (folder / "in order").touch()


def coordinate(folder: Path) -> None:
    """Wait for a task without end: what the tests kill."""
    for _ in run_tasks(partial(opened, folder), deque(["tell"]), 1, patience_s=FAR_S):
        pass


def all_of(
    *tasks: str, size: int = 2, patience_s: float = PATIENCE_S
) -> dict[str, str]:
    """Do tasks; map each to its answer or why it was lost."""
    found = run_tasks(opened, deque(tasks), size, patience_s=patience_s)
    return {task: str(getattr(got, "reason", got)) for task, got in found}


def test_every_task_is_answered() -> None:
    """Also where there are more workers than tasks."""
    assert all_of("a", "b", "c", size=5) == {"a": "a!", "b": "b!", "c": "c!"}
    assert all_of() == {}


def test_a_worker_that_ends_loses_its_own_task_only() -> None:
    """Whether it was killed, met a fault of ours or a mistake in the program."""
    found = all_of("a", "kill", "b", "fault", "c", "bug", "d")

    assert [found[name] for name in "abcd"] == ["a!", "b!", "c!", "d!"]
    assert found["kill"] == "its worker ended (exit code -9)"
    assert found["fault"].startswith("the sandbox is broken.")
    assert "LookupError: nobody expected this" in found["bug"]


def test_a_task_that_takes_too_long_is_lost() -> None:
    """Nothing holds up a class for ever."""
    found = all_of("sleep", size=1, patience_s=1.0)

    assert found == {"sleep": "it took longer than 1 s"}


def test_a_lost_task_can_be_given_again() -> None:
    """While the others go on."""
    tasks = deque(["kill", "a"])
    seen: list[str] = []
    for task, answer in run_tasks(opened, tasks, 1, patience_s=PATIENCE_S):
        seen.append(task)
        if isinstance(answer, Lost) and seen.count(task) < 3:
            tasks.append(task)

    assert sorted(seen) == ["a", "kill", "kill", "kill"]


def test_leaving_ends_the_workers_in_order(tmp_path: Path) -> None:
    """Idle ones end by themselves."""
    for _ in run_tasks(partial(opened, tmp_path), deque("a"), 1, patience_s=PATIENCE_S):
        pass

    assert [path.name for path in tmp_path.iterdir()] == ["in order"]


def test_workers_end_with_a_coordinator_that_is_killed(tmp_path: Path) -> None:
    """Nothing goes on idle or at work after kill -9."""
    program = (
        "import pathlib, sys; from tests.unit.test_workers import coordinate; "
        "coordinate(pathlib.Path(sys.argv[1]))"
    )
    process = subprocess.Popen([sys.executable, "-c", program, str(tmp_path)], cwd=ROOT)
    worker = wait_for(lambda: next((p.name for p in tmp_path.iterdir()), None))

    process.kill()
    process.wait()

    wait_for(lambda: has_ended(worker) or None)


def test_an_interrupt_ends_the_workers(tmp_path: Path) -> None:
    """Ctrl-C reaches the whole group, and only the coordinator acts on it."""
    program = (
        "import pathlib, signal, sys; "
        "signal.signal(signal.SIGINT, signal.default_int_handler); "  # nohup ignores it
        "from tests.unit.test_workers import coordinate; "
        "coordinate(pathlib.Path(sys.argv[1]))"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)],
        cwd=ROOT,
        start_new_session=True,
        stderr=subprocess.PIPE,
    )
    worker = wait_for(lambda: next((p.name for p in tmp_path.iterdir()), None))

    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=PATIENCE_S)

    assert has_ended(worker)
    assert said.count(b"Traceback") == 1  # the coordinator's own


def has_ended(process: str) -> bool:
    """Say whether a process is gone, or only waits to be forgotten."""
    try:
        stat = Path("/proc", process, "stat").read_text()
    except OSError:
        return True
    return stat.rpartition(")")[2].split()[0] == "Z"


def wait_for(question: Callable[[], str | bool | None]) -> str:
    """Ask until there is an answer; a test that hangs is ended by its runner."""
    while (answer := question()) is None:
        time.sleep(0.02)
    return str(answer)
