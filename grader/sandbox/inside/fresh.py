"""Answer one question in a process that was started for it: the way without forks."""

import contextlib
import io
import json
import os
import sys
from importlib import metadata
from pathlib import Path
from typing import Any

from . import child, wire
from .recorder import Recorder, listen_to_logging, listen_to_sqlalchemy


class FileAnswer:
    """Take an answer as a socket would, and make it a file, whole or not at all."""

    def __init__(self, path: str) -> None:
        self._path = Path(path)

    def sendall(self, data: bytes, /) -> None:
        """Write the answer without its frame."""
        unfinished = self._path.with_name(f"{self._path.name}.new")
        unfinished.write_bytes(data[wire.HEADER.size :])
        unfinished.replace(self._path)


def main(descriptor: int) -> None:
    """Read a question from a descriptor and answer it."""
    with os.fdopen(descriptor, "rb", closefd=False) as source:
        question = json.load(source)
    answer = FileAnswer(question["answer"])
    if "libraries" in question:
        _send(answer, facts(question["libraries"]))
        return
    world = question["world"]
    enter(world, question["python"])
    recorder = Recorder()
    with contextlib.suppress(ImportError):
        import sqlalchemy  # noqa: F401 - what is listened to must be there first
    listen_to_sqlalchemy(recorder)
    listen_to_logging(recorder)
    recorder.open(world["events"])
    child.perform(question["request"], {**world, "programs": {}}, answer, [])


def facts(libraries: list[str]) -> dict[str, dict[str, str]]:
    """Tell the versions of the libraries and of Python, and which are not there."""
    versions = {"python": sys.version.split()[0]}
    absent = {}
    for name in sorted({library.partition(".")[0] for library in libraries}):
        try:
            versions[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            if name not in sys.stdlib_module_names:
                absent[name] = "it is not installed"
    return {"versions": versions, "absent": absent}


def enter(world: dict[str, Any], python: list[str]) -> None:
    """Make this process one of the submission's: folder, environment, output."""
    sys.dont_write_bytecode = True
    sys.path[:] = [path for path in sys.path if path.startswith(tuple(python))]
    sys.stdout = _unbuffered(1)
    sys.stderr = _unbuffered(2)
    os.environ.clear()
    os.environ.update(world["environment"])
    os.chdir(world["project"])  # noqa: TID251 - this process is the submission's own
    with contextlib.suppress(ImportError):  # Windows has no such limits
        child.confine(world["limits"], isolated=False)
    sys.path.insert(0, world["project"])


def _unbuffered(descriptor: int) -> io.TextIOWrapper:
    stream = os.fdopen(descriptor, "wb", 0, closefd=False)
    return io.TextIOWrapper(stream, "utf-8", write_through=True)


def _send(answer: FileAnswer, message: dict[str, dict[str, str]]) -> None:
    body = json.dumps(message).encode()
    answer.sendall(wire.HEADER.pack(len(body)) + body)
