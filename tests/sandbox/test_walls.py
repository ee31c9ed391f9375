"""What a submission's process can see and do, asked from inside."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from grader.sandbox.stage import Lodging, Stage
from grader.sandbox.world import Program, World

PROBES = Program(
    "probes.py",
    """
import ctypes, os, socket

def connect(box, family, address):
    try:
        with socket.socket(family) as client:
            client.settimeout(2)
            client.connect(tuple(address) if isinstance(address, list) else address)
        return "connected"
    except OSError as error:
        return type(error).__name__

def look(box, path):
    return sorted(os.listdir(path))

def unshare(box, flags):
    library = ctypes.CDLL(None, use_errno=True)
    return [library.unshare(flags), ctypes.get_errno()]

def mount(box, target):
    library = ctypes.CDLL(None, use_errno=True)
    done = library.mount(b"none", target.encode(), b"tmpfs", 0, None)
    return [done, ctypes.get_errno()]

def write(box, path):
    try:
        with open(path, "w") as target:
            target.write("x")
        return "written"
    except OSError as error:
        return type(error).__name__

def environment(box):
    return sorted(os.environ)

def signal_everyone(box):
    done = []
    for number in (1, os.getppid()):
        try:
            os.kill(number, 9)
            done.append(number)
        except OSError:
            pass
    return done

def threads(box):
    import threading
    seen = []
    worker = threading.Thread(target=lambda: seen.append(1))
    worker.start()
    worker.join()
    return seen
""",
)


@pytest.fixture
def world(stage: Stage) -> Iterator[World]:
    """Give an empty world."""
    with stage.world({"here.txt": b"x"}, Lodging()) as world:
        yield world


def ask(world: World, function: str, **arguments: Any) -> Any:
    """Return what a probe observed."""
    observation = world.ask(PROBES, function, arguments)
    assert observation.succeeded, observation
    return observation.value


@pytest.mark.parametrize(
    ("family", "address"), [(2, ["127.0.0.1", 80]), (2, ["192.0.2.1", 53])]
)
def test_there_is_no_network(world: World, family: int, address: list[Any]) -> None:
    """No address can be reached."""
    assert ask(world, "connect", family=family, address=address) != "connected"


def libraries() -> set[str]:
    """Name the folders of /tmp on the way to our Python, if this clone lies there."""
    places = (Path(sys.prefix), Path(sys.base_prefix))
    return {place.parts[2] for place in places if place.is_relative_to("/tmp")}


@pytest.mark.parametrize("path", ["/proc", "/dev/shm", "/tmp", "/world/data"])
def test_shared_folders_are_empty(world: World, path: str) -> None:
    """Nothing of other processes or worlds lies where it could be read."""
    assert set(ask(world, "look", path=path)) <= libraries()


@pytest.mark.parametrize("path", ["/", "/stage/x", "/usr/x", "/etc/x", "/dev/x"])
def test_only_the_world_is_writable(world: World, path: str) -> None:
    """The system, the libraries and the stage are read-only."""
    place = "/planted" if path == "/" else path

    assert ask(world, "write", path=place) != "written"


@pytest.mark.parametrize("flags", [0x10000000, 0x20000, 0x40000000])
def test_no_new_namespaces(world: World, flags: int) -> None:
    """A submission cannot become root of a namespace of its own."""
    assert ask(world, "unshare", flags=flags)[0] == -1


def test_no_mounts(world: World) -> None:
    """A submission cannot mount anything."""
    assert ask(world, "mount", target="/world/data")[0] == -1


def test_the_environment_is_ours(world: World) -> None:
    """Nothing of the grader's environment comes in."""
    names = ask(world, "environment")

    assert set(names) <= {"HOME", "TMPDIR", "PATH", "LANG", "PYTHONDONTWRITEBYTECODE"}


def test_the_warden_cannot_be_ended(world: World) -> None:
    """Signals to the warden change nothing."""
    ask(world, "signal_everyone")

    assert ask(world, "threads") == [1]


def test_worlds_do_not_see_each_other(stage: Stage, world: World) -> None:
    """A file of one world is not there in another."""
    ask(world, "write", path="/tmp/note")

    with stage.world({}, Lodging()) as other:
        assert set(ask(other, "look", path="/tmp")) <= libraries()


def test_a_symlink_is_not_followed(world: World) -> None:
    """The trusted side reads regular files only."""
    program = Program(
        "p", "import os\ndef link(box): os.symlink('/etc/passwd', '/world/data/x.db')"
    )
    world.ask(program, "link", {})

    assert world.read("data/x.db") is None
    assert world.read("../etc/passwd") is None
