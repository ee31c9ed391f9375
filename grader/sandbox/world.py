"""One submission's world, seen from the trusted side."""

import contextlib
import os
import socket
import stat
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.errors import GraderFault

from .inside import parcel, wire
from .observation import Observation, decode

GRACE_S = 40.0
START_S = 20.0
LONGEST_PART = 255
LONGEST_PATH = 2_000
READ_LIMIT = 64 * 1024 * 1024


class WorldLostError(GraderFault):
    """Say that a world stopped answering: our fault until shown otherwise."""


@dataclass(frozen=True, slots=True)
class Program:
    """A probe's source: a function in it is called with a ``Box`` and arguments.

    ``source`` None means one of the stage's own programs, by its module's name.
    """

    name: str
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Listening:
    """Where a service listens."""

    address: str | int
    """A Unix socket, or a port of this machine."""
    descriptors: tuple[int, ...]
    """The listening socket, for the service's process."""
    arguments: Mapping[str, Any]
    """What the service is told."""


class World:
    """Ask one world's warden; close it to end everything in it."""

    def __init__(self, control: socket.socket, root: str) -> None:
        self._control = control
        self.root = root
        self.alive = True
        self.laid: Mapping[str, int] = {}
        """The files below the world's root as it began, with their bytes."""

    def lay(self, files: Mapping[str, bytes]) -> None:
        """Make these the world's files, now and at every reset."""
        self.laid = {f"project/{path}": len(files[path]) for path in files}
        with _parcel(files) as descriptor:
            self._request({"do": "lay"}, [descriptor])

    def put(self, files: Mapping[str, bytes]) -> None:
        """Lay more files over the present ones, until the next reset.

        A path that cannot be one below the project is left out.
        """
        with _parcel(files) as descriptor:
            self._request({"do": "put"}, [descriptor])

    def reset(self) -> None:
        """End the world's processes and lay its files as they came."""
        self._request({"do": "reset"})

    def ask(
        self,
        program: Program,
        function: str,
        arguments: Mapping[str, Any],
        *,
        load: Sequence[str] = (),
        timeout_s: float = 20.0,
    ) -> Observation:
        """Run a probe and return what it observed."""
        request = _ask(program, function, arguments, load, timeout_s)
        return decode(self._request(request, timeout_s=timeout_s + GRACE_S)[0])

    def start(  # noqa: PLR0913 - what a probe is, and how it is to run
        self,
        program: Program,
        function: str,
        arguments: Mapping[str, Any],
        *,
        descriptors: Sequence[int] = (),
        load: Sequence[str] = (),
        timeout_s: float = START_S,
    ) -> Observation:
        """Run a probe that stays after its first answer; stop it by its ``pid``."""
        request = _ask(program, function, arguments, load, timeout_s) | {"stays": True}
        reply, _ = self._request(request, descriptors, timeout_s=timeout_s + GRACE_S)
        return decode(reply)

    @contextlib.contextmanager
    def listening(self, place: Path) -> Iterator[Listening]:
        """Listen at a place for a service that is about to be started."""
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(place))
            listener.listen(64)
            yield Listening(str(place), (listener.fileno(),), {})

    def stop(self, pid: int) -> tuple[bool, str, str | None]:
        """End a probe that stays.

        Returns:
            Whether it still ran, the end of its output, the limit that ended it.
        """
        reply, _ = self._request({"do": "stop", "pid": pid})
        verdict = reply.get("verdict")
        return bool(reply.get("ran")), str(reply.get("output") or ""), verdict

    def files(self) -> dict[str, tuple[int, int]]:
        """Map each file below the world's root to its bytes and change time in ns."""
        return {
            path: (size, time)
            for path, mode, size, time in self._listed()
            if stat.S_ISREG(mode)
        }

    def state(self) -> dict[str, tuple[int, ...]]:
        """Map all that lies below the world's root to facts that a change changes."""
        return {
            path: (mode, size, time) if stat.S_ISREG(mode) else (mode,)
            for path, mode, size, time in self._listed()
        }

    def _listed(self) -> Sequence[tuple[str, int, int, int]]:
        reply, _ = self._request({"do": "list"})
        return [(path, *facts) for path, *facts in reply.get("files", ())]

    def read(self, path: str, limit: int = READ_LIMIT) -> bytes | None:
        """Read at most ``limit`` bytes of a regular file below the world's root."""
        _, descriptors = self._request({"do": "fetch", "path": path})
        if not descriptors:
            return None
        with os.fdopen(descriptors[0], "rb") as source:
            return source.read(limit)

    def close(self) -> None:
        """End the world."""
        self.alive = False
        self._control.close()

    def _request(
        self,
        request: Mapping[str, Any],
        descriptors: Sequence[int] = (),
        *,
        timeout_s: float = 30.0,
    ) -> tuple[dict[str, Any], list[int]]:
        self._control.settimeout(timeout_s)
        try:
            wire.send(self._control, request, descriptors)
            reply, received = wire.receive(self._control)
        except (wire.ConnectionLostError, TimeoutError) as error:
            self.close()
            raise WorldLostError(
                problem=f"the sandbox stopped answering ({error}).",
                next_step="Grade again; if it happens twice, report it to us.",
            ) from error
        if "fault" in reply:
            raise WorldLostError(
                problem=f"the sandbox could not do its work ({reply['fault']}).",
                next_step="Grade again; if it happens twice, report it to us.",
            )
        return reply, received


def _ask(
    program: Program,
    function: str,
    arguments: Mapping[str, Any],
    load: Sequence[str],
    timeout_s: float,
) -> dict[str, Any]:
    return {
        "do": "ask",
        "name": program.name,
        "program": program.source,
        "function": function,
        "arguments": dict(arguments),
        "load": list(load),
        "timeout_s": timeout_s,
    }


@contextlib.contextmanager
def _parcel(files: Mapping[str, bytes]) -> Iterator[int]:
    """Give the files that can be laid as a parcel in an open, unnamed file."""
    laid = {path: content for path, content in files.items() if _can_be_laid(path)}
    with tempfile.TemporaryFile() as target:
        target.write(parcel.pack(laid))
        target.seek(0)
        yield target.fileno()


def _can_be_laid(path: str) -> bool:
    """Say whether a path, which a submission may have told, stays in its project."""
    parts = path.split("/")
    try:
        sizes = [len(part.encode()) for part in parts]
    except UnicodeEncodeError:
        return False
    plain = not {"", ".", ".."} & set(parts) and "\0" not in path
    return plain and max(sizes) <= LONGEST_PART and sum(sizes) <= LONGEST_PATH
