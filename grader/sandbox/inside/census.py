"""Count and end the processes of one world, from outside the submission."""

import contextlib
import os
import re
import signal
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from . import namespaces

FACTS = re.compile(rb"^(State|Pid|PPid|NSpid|RssAnon|RssShmem):\s*(.*)", re.MULTILINE)


@dataclass(frozen=True)
class Member:
    """One living process: the number we signal it by, and its memory in bytes."""

    pid: int
    parent: int
    resident: int
    alive: bool


class Census:
    """Know every descendant of this process, whatever it does to get lost.

    The orphans of a process namespace come to its process 1, and elsewhere to the
    nearest subreaper: both are us. The kernel's ``status`` files are readable for all,
    so a process cannot hide by being undumpable; they are read through a descriptor
    of a /proc that the submission itself does not see.
    """

    def __init__(self) -> None:
        with contextlib.suppress(AttributeError, OSError):
            namespaces.prctl(namespaces.PR_SET_CHILD_SUBREAPER, 1)
        try:
            self.proc: int | None = os.open("/proc", os.O_RDONLY | os.O_DIRECTORY)
            self.self = int(os.readlink("self", dir_fd=self.proc))
        except OSError:
            self.proc = None  # not Linux: limits on each process are all there is

    def excess(self, limits: Mapping[str, int]) -> str | None:
        """Name the limit that the world's processes exceed together, if any."""
        members = self._members()
        if len(members) > limits["processes"]:
            return "too-many-processes"
        memory = sum(member.resident for member in members)
        return "out-of-memory" if memory > limits["memory_bytes"] else None

    def end_all(self, keep: Collection[int]) -> bool:
        """End every process below this one, but those to keep; say whether it did."""
        if not keep and os.getpid() == 1:
            send_kill(-1)  # all at once: nothing outruns that
            return True
        for _ in range(50):  # a fork may outrun one pass
            found = [m.pid for m in self._members() if m.pid not in keep]
            if not found:
                return True
            for pid in found:
                send_kill(pid)
            reap()
        return False

    def _members(self) -> list[Member]:
        if self.proc is None:
            return []
        with os.scandir(self.proc) as entries:
            numbers = [entry.name for entry in entries if entry.name.isdigit()]
        everyone = {int(number): _member(self.proc, number) for number in numbers}
        family = {self.self}
        grown = True
        while grown:
            born = {
                number
                for number, member in everyone.items()
                if member and member.parent in family and number not in family
            }
            family |= born
            grown = bool(born)
        kin = (everyone.get(number) for number in family - {self.self})
        return [member for member in kin if member and member.alive]


def reap() -> None:
    """Collect the children that have ended."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def send_kill(pid: int) -> None:
    """Send a process, if it is there, the signal that none can refuse."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, signal.SIGKILL)


def _member(proc: int, entry: str) -> Member | None:
    """Read one process's status; None once it has gone."""
    try:
        descriptor = os.open(f"{entry}/status", os.O_RDONLY, dir_fd=proc)
    except OSError:
        return None
    try:
        facts = dict(FACTS.findall(os.read(descriptor, 8192)))
    except OSError:
        return None
    finally:
        os.close(descriptor)
    return Member(
        pid=int((facts.get(b"NSpid") or facts.get(b"Pid") or b"0").split()[-1]),
        parent=int(facts.get(b"PPid", 0)),
        resident=_kilobytes(facts, b"RssAnon") + _kilobytes(facts, b"RssShmem"),
        alive=facts.get(b"State", b"Z")[:1] not in b"ZX",
    )


def _kilobytes(facts: Mapping[bytes, bytes], name: bytes) -> int:
    return int(facts.get(name, b"0 kB").split()[0]) * 1024
