"""A submission takes over the processes that it runs in: all worlds hold."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.sandbox.engines import Engine
from grader.sandbox.interpreter import inspect
from grader.sandbox.limits import MEGABYTE, Limits
from grader.sandbox.stage import Lodging, Plan, Stage
from grader.sandbox.world import Program, World

HARMLESS = Program("harmless.py", "def answer(box): return 'here'")
LOADER = """
import os, socket, struct

def send(connection, text):
    connection.sendall(struct.pack("!Q", len(text)) + text.encode())

def found():
    for descriptor in range(3, 40):
        try:
            return socket.socket(fileno=descriptor)
        except OSError:
            pass

connection = found()
"""
FORGES = (
    LOADER
    + """
send(connection, '{"clean": true}')
while True:
    connection.recv(100_000)
    send(connection, '{"pid": %s}')
"""
)
DRIBBLES = (
    LOADER
    + """
import time
connection.sendall(struct.pack("!Q", 4_000))
while True:
    connection.sendall(b" ")
    time.sleep(0.01)
"""
)
TRICKLES = Program(
    "trickles.py",
    """
import os, socket, struct, time

def answer(box):
    for _ in range(3):
        if os.fork() == 0:
            held = bytearray(120 * 1024 * 1024)
            time.sleep(30)
    box._answer.sendall(struct.pack("!Q", 1_000_000))
    while True:
        box._answer.sendall(b" ")
        time.sleep(0.0001)
""",
)
PLANTS = Program(
    "plants.py",
    """
import os, shutil

def answer(box):
    for name in ("module.py", "inner"):
        path = os.path.join(box.project, name)
        shutil.rmtree(path) if os.path.isdir(path) else os.unlink(path)
    os.mkfifo(os.path.join(box.project, "module.py"))
    os.symlink("/dev/full", os.path.join(box.project, "inner"))
    with open("/tmp/full", "wb") as target:
        try:
            while target.write(b"x" * 1_000_000):
                pass
        except OSError:
            pass
""",
)
NAMES = Program(
    "names.py",
    """
import os

def answer(box):
    folder = "/world/data"
    for _ in range(7):
        folder += "/" + chr(1) * 250
        os.mkdir(folder)
    for number in range(6_000):
        open(folder + "/" + str(number).rjust(200, chr(1)), "w").close()
""",
)
REFUSED = Program(
    "refused.py",
    """
import ctypes, os, resource

def answer(box):
    library = ctypes.CDLL(None, use_errno=True)
    calls = [
        lambda: os.memfd_create("x"),
        lambda: resource.prlimit(1, resource.RLIMIT_NOFILE, (0, 0)),
        lambda: resource.prlimit(os.getppid(), resource.RLIMIT_NOFILE),
        lambda: os.sched_setscheduler(1, os.SCHED_IDLE, os.sched_param(0)),
        lambda: os.setpriority(os.PRIO_PROCESS, 1, 19),
        lambda: os.stat("/" if library.shmget(0, 4096, 0o1600) >= 0 else "/none"),
    ]
    done = []
    for number, call in enumerate(calls):
        try:
            call()
            done.append(number)
        except OSError:
            pass
    resource.setrlimit(resource.RLIMIT_CPU, resource.getrlimit(resource.RLIMIT_CPU))
    return done
""",
)


def answers(world: World) -> bool:
    """Say whether a world still does its work."""
    world.files()
    world.reset()
    return bool(world.ask(HARMLESS, "answer", {}).value == "here")


def own_stage(engine: Engine, limits: Limits) -> Stage:
    """Make a stage with other limits than the shared one's."""
    return Stage(engine, inspect(Path(sys.executable)), Plan(), limits)


@pytest.fixture
def next_world(stage: Stage) -> Iterator[None]:
    """Expect that the stage opens a world once the test is over."""
    yield
    with stage.world({}, Lodging()) as world:
        assert answers(world)


@pytest.mark.usefixtures("next_world")
@pytest.mark.parametrize("pid", ["0", "1", "-1", "9" * 30, "[]", "Infinity", "true"])
def test_a_forged_process_is_not_signalled(stage: Stage, pid: str) -> None:
    """The loaded process answers with the number of one that is not its child."""
    files = {"evil.py": (FORGES % pid).encode()}
    with stage.world(files, Lodging()) as world:
        world.ask(HARMLESS, "answer", {}, load=["evil"], timeout_s=5)

        assert answers(world)


def test_a_dribbled_reply_ends(isolation: Engine) -> None:
    """The loaded process never finishes its first reply."""
    limits = Limits(import_s=1)
    files = {"evil.py": DRIBBLES.encode()}
    with own_stage(isolation, limits) as stage, stage.world(files, Lodging()) as world:
        seen = world.ask(HARMLESS, "answer", {}, load=["evil"], timeout_s=5)

        assert seen.value == "here"


def test_memory_is_watched_while_an_answer_trickles(isolation: Engine) -> None:
    """A process that keeps its warden busy reading gains no memory by that."""
    limits = Limits(memory_bytes=250 * MEGABYTE)
    with own_stage(isolation, limits) as stage, stage.world({}, Lodging()) as world:
        seen = world.ask(TRICKLES, "answer", {}, timeout_s=10)

        assert seen.outcome == "out-of-memory"
        assert answers(world)


def test_more_files_are_laid_over_whatever_is_there(stage: Stage) -> None:
    """A pipe, a link or a full disk in a file's place is no obstacle."""
    files = {"module.py": b"old", "inner/part.py": b"old"}
    with stage.world(files, Lodging()) as world:
        world.ask(PLANTS, "answer", {})
        world.put({"module.py": b"new", "inner/part.py": b"new"})

        assert world.read("project/module.py") == b"new"
        assert world.read("project/inner/part.py") == b"new"
        assert answers(world)


def test_very_many_long_names_are_bounded(stage: Stage) -> None:
    """The list of files does not outgrow a message."""
    with stage.world({}, Lodging()) as world:
        world.ask(NAMES, "answer", {}, timeout_s=30)

        assert answers(world)


def test_the_warden_keeps_its_standing(stage: Stage) -> None:
    """A submission may change its own limits, and nobody else's."""
    with stage.world({}, Lodging()) as world:
        seen = world.ask(REFUSED, "answer", {})

        assert (seen.error, seen.value) == (None, [])


@pytest.mark.parametrize("path", ["../x", "/tmp/x", "a//b", "x" * 300, "\ud800", "\0"])
def test_a_path_that_was_told_stays_in_the_project(stage: Stage, path: str) -> None:
    """A path that a submission answered with is no way out, and breaks nothing."""
    with stage.world({}, Lodging()) as world:
        world.put({path: b"x", "here.txt": b"x"})

        assert list(world.files()) == ["project/here.txt"]
        assert answers(world)
