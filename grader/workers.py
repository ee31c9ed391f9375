"""Do tasks in parallel, in warm processes that end with whoever started them."""

import contextlib
import ctypes
import multiprocessing
import os
import signal
import sys
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from typing import Any, Generic, TypeVar

from .errors import GraderError
from .processor import one_processor

T = TypeVar("T")
A = TypeVar("A")
Opening = Callable[[], AbstractContextManager[Callable[[T], A]]]
"""Prepares a worker, in its own process; gives what answers its tasks."""

GRACE_S = 5.0
LOOK_S = 1.0
DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG
LONGEST_TRACE = 3_000


@dataclass(frozen=True, slots=True)
class Lost:
    """What came of a task instead of an answer: its worker ended or gave up."""

    reason: str


def run_tasks(
    opening: "Opening[T, A]", tasks: deque[T], size: int, *, patience_s: float
) -> Generator[tuple[T, A | Lost], None, None]:
    """Do every task; give each with its answer as soon as it is there.

    A worker that ends, fails or takes too long loses its task only; another one takes
    its place. Whoever iterates may append a lost task again. Leaving the iteration
    ends the workers.
    """
    crew: list[_Worker[T, A]] = []
    try:
        while tasks or any(worker.is_busy for worker in crew):
            _hand_out(opening, crew, tasks, size)
            wait([worker.link for worker in crew if worker.is_busy], LOOK_S)
            for worker in list(crew):
                answered = worker.look(patience_s)
                if answered and isinstance(answered[1], Lost):
                    crew.remove(worker)
                    worker.end()
                if answered:
                    yield answered
    finally:
        for worker in crew:
            worker.ask_to_end()
        for worker in crew:
            worker.end()


def _hand_out(
    opening: "Opening[T, A]", crew: "list[_Worker[T, A]]", tasks: deque[T], size: int
) -> None:
    """Give everybody who is idle a task; start more workers while that helps."""
    busy = sum(worker.is_busy for worker in crew)
    while len(crew) < min(size, len(tasks) + busy):
        crew.append(_Worker(opening))
    for worker in crew:
        if tasks and not worker.is_busy:
            worker.take(tasks.popleft())


class _Worker(Generic[T, A]):
    """One process, and the task that it is at."""

    def __init__(self, opening: "Opening[T, A]") -> None:
        context = multiprocessing.get_context("spawn")
        self.link, theirs = context.Pipe()
        alive, self._life = context.Pipe(duplex=False)
        self._task: list[T] = []
        self._since = 0.0
        self._process = context.Process(
            target=_serve, args=(opening, theirs, alive), daemon=True
        )
        with _interrupts_held():
            self._process.start()
        theirs.close()
        alive.close()

    @property
    def is_busy(self) -> bool:
        return bool(self._task)

    def take(self, task: T) -> None:
        """Begin a task."""
        self._task = [task]
        self._since = time.monotonic()
        with contextlib.suppress(BrokenPipeError):  # it ended: look() finds that out
            self.link.send(task)

    def look(self, patience_s: float) -> tuple[T, A | Lost] | None:
        """Give the task with its answer; None if it is still at it."""
        if not self._task:
            return None
        answer: A | Lost
        if self.link.poll():
            try:
                answer = self.link.recv()
            except (EOFError, ConnectionError):
                self._process.join(GRACE_S)
                answer = Lost(f"its worker ended (exit code {self._process.exitcode})")
        elif time.monotonic() - self._since > patience_s:
            self._process.kill()
            answer = Lost(f"it took longer than {patience_s:.0f} s")
        else:
            return None
        (task,), self._task = self._task, []
        return task, answer

    def ask_to_end(self) -> None:
        """Let an idle worker end by itself, and interrupt a busy one."""
        self.link.close()
        if self._task:
            self._process.terminate()

    def end(self) -> None:
        """End the worker, whatever it does."""
        self.ask_to_end()
        self._process.join(GRACE_S)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()
        self._life.close()
        self._process.close()


@contextlib.contextmanager
def _interrupts_held() -> Iterator[None]:
    """Start a process that no Ctrl-C can interrupt before it is ready for it."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _serve(
    opening: "Opening[Any, Any]",
    link: "Connection[Any, Any]",
    life: "Connection[Any, Any]",
) -> None:
    """Answer tasks until there are no more: the whole life of a worker."""
    _die_with_parent(life)
    # Ctrl-C is for the one who started us, and who then ends us by SIGTERM. A function
    # and not SIG_IGN, which the programs that we start would inherit.
    signal.signal(signal.SIGINT, lambda *_: None)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    try:
        with one_processor(), opening() as answer:
            while True:
                link.send(answer(link.recv()))
    except (EOFError, ConnectionError, KeyboardInterrupt):
        return
    except Exception as error:  # noqa: BLE001 - whatever it is, somebody must hear of it
        known = isinstance(error, GraderError)
        told = str(error) if known else traceback.format_exc()[-LONGEST_TRACE:]
        with contextlib.suppress(ConnectionError):
            link.send(Lost(told))


def _die_with_parent(life: "Connection[Any, Any]") -> None:
    """End at once when the parent has ended, however it did.

    The kernel sees to it on Linux, even while we hold the interpreter; elsewhere, and
    if the parent ended before this, a pipe that it alone keeps open tells us.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGKILL)

    def watch() -> None:
        life.poll(None)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
