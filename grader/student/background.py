"""Keep a checker warm in the background, so that a check need not wait for one.

It listens on a Unix socket in a folder of the user's own. The socket's name holds what
the checker was made of: whoever changes the course, the grader or the packages asks
for another one, and the old one ends by itself.
"""

import contextlib
import hashlib
import json
import os
import socket
import stat
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from grader.catalog import Course
from grader.errors import GraderFault, MisuseError
from grader.sandbox.engines import Engine

from .checked import Checked, OnCheck

START_S = 60.0
ANSWER_S = 900.0
PAUSE_S = 0.02
PRIVATE = 0o700
GRADER = Path(__file__).parent.parent
PACKAGE = "grader.student.background_server"
STOP = {"stop": True}


class LostError(Exception):
    """Say that there is no checker in the background, or no longer."""


def check(  # noqa: PLR0913 - what to check, how, and whom to tell
    course: Course,
    engine: Engine,
    folder: Path,
    slugs: Sequence[str],
    on_check: OnCheck,
    *,
    background: bool = True,
) -> Checked:
    """Check a folder, by the checker in the background where there can be one.

    Without ``background`` one that is there is ended.
    """
    place = Place.find(course, engine)
    if background and place is not None:
        with contextlib.suppress(LostError, OSError):
            return place.ask(folder, slugs, on_check)
    elif place is not None:
        place.stop()
    from .checking import open_checker  # it takes long, and is seldom needed here

    with open_checker(course, engine) as checker:
        return checker.check(folder, slugs, on_check)


@dataclass(frozen=True, slots=True)
class Place:
    """Where the background checker of one course listens."""

    course: Path
    engine: str
    path: Path

    @classmethod
    def find(cls, course: Course, engine: Engine) -> Self | None:
        """Return the place; None where this system has no such thing."""
        if not hasattr(socket, "AF_UNIX"):
            return None
        folder = _private_folder()
        if folder is None:
            return None
        made_of = _fingerprint(course, engine)
        return cls(course.folder, engine.name, folder / f"check-{made_of[:24]}")

    def ask(self, folder: Path, slugs: Sequence[str], on_check: OnCheck) -> Checked:
        """Ask the checker, and start it if there is none.

        Raises:
            LostError: if it does not start or ends in the middle.
            MisuseError: if there is nothing to check.
            GraderFault: if a check broke it.
        """
        request = {"folder": str(folder), "steps": list(slugs)}
        with self._connect() as connection:
            for answer in _talk(connection, request):
                if "began" in answer:
                    on_check(*answer["began"])
                elif "error" in answer:
                    _raise(answer["error"])
                elif "checked" in answer:
                    return Checked.model_validate(answer["checked"])
        raise LostError("it ended without an answer")

    def stop(self) -> None:
        """End the checker, if there is one."""
        with contextlib.suppress(OSError, LostError), _reach(self.path) as connection:
            list(_talk(connection, STOP))

    def _connect(self) -> socket.socket:
        with contextlib.suppress(OSError):
            return _reach(self.path)
        self.path.unlink(missing_ok=True)  # of one that was killed
        process = self._start()
        deadline = time.monotonic() + START_S
        while time.monotonic() < deadline and process.poll() is None:
            with contextlib.suppress(OSError):
                connection = _reach(self.path)
                process.returncode = 0  # it outlives us: nobody waits for it
                return connection
            time.sleep(PAUSE_S)
        raise LostError("it did not start")

    def _start(self) -> subprocess.Popen[bytes]:
        arguments = [str(self.path), str(self.course), self.engine]
        return subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-I", "-m", PACKAGE, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            start_new_session=True,
        )


def _reach(path: Path) -> socket.socket:
    connection = socket.socket(socket.AF_UNIX)
    try:
        connection.settimeout(ANSWER_S)
        connection.connect(str(path))
    except OSError:
        connection.close()
        raise
    return connection


def _talk(
    connection: socket.socket, request: Mapping[str, object]
) -> Iterator[dict[str, Any]]:
    """Send a request; yield each answer as it comes."""
    connection.sendall(f"{json.dumps(request)}\n".encode())
    with connection.makefile("rb") as answers:
        for line in answers:
            try:
                answer = json.loads(line)
            except ValueError as error:
                raise LostError("it was cut off") from error
            yield answer


def _raise(error: dict[str, Any]) -> None:
    kind = MisuseError if error.get("kind") == "misuse" else GraderFault
    raise kind(problem=str(error["problem"]), next_step=str(error["next_step"]))


def _private_folder() -> Path | None:
    """Return a folder that nobody else can reach; None if there can be none."""
    base = Path(os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir())
    folder = base / f"grader-{os.getuid()}"
    try:
        folder.mkdir(mode=PRIVATE, exist_ok=True)
        facts = folder.lstat()
    except OSError:
        return None
    ours = stat.S_ISDIR(facts.st_mode) and facts.st_uid == os.getuid()
    return folder if ours and stat.S_IMODE(facts.st_mode) == PRIVATE else None


def _fingerprint(course: Course, engine: Engine) -> str:
    """Digest what a checker is made of: its programs, its course, its packages."""
    seen = hashlib.sha256(repr((engine, sys.executable, course.folder)).encode())
    packages = Path(sysconfig.get_path("purelib"))
    files = [packages, *GRADER.rglob("*.py"), *course.folder.rglob("*")]
    for path in sorted(files):
        if path == packages or (path.is_file() and path.suffix != ".pyc"):
            facts = path.stat()
            seen.update(f"{path}\0{facts.st_mtime_ns}\0{facts.st_size}\0".encode())
    return seen.hexdigest()
