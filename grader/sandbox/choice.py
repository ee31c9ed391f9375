"""Choose the engine: prove that bubblewrap works here, or say what is missing."""

import os
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from grader.errors import MisuseError

from .engines import (
    BubblewrapEngine,
    Engine,
    FreshEngine,
    PlainEngine,
    find_bubblewrap,
)

CHOICES = ("auto", "bubblewrap", "none", "fresh")
UNISOLATED = (
    "No isolation: this ran with your own rights, because {reason}. "
    "Grade only your own work this way."
)
PROOF = (
    *("--unshare-all", "--unshare-user", "--uid", "1000", "--gid", "1000"),
    *("--ro-bind", "/", "/", "--proc", "/proc", "--dev", "/dev", "--clearenv"),
)
NESTED = """
import ctypes, os
library = ctypes.CDLL(None, use_errno=True)
user, group = os.getuid(), os.getgid()
assert library.unshare(0x7e020000) == 0, os.strerror(ctypes.get_errno())
open("/proc/self/setgroups", "w").write("deny")
open("/proc/self/uid_map", "w").write(f"{user} {user} 1")
open("/proc/self/gid_map", "w").write(f"{group} {group} 1")
assert library.mount(b"tmpfs", b"/tmp", b"tmpfs", 0, b"size=4096") == 0
"""


@dataclass(frozen=True, slots=True)
class Choice:
    """The engine to use, and what to tell people about it."""

    engine: Engine
    warning: str = ""


def choose_engine(wanted: str, *, own_folder: bool) -> Choice:
    """Choose how submissions run.

    Args:
        wanted: ``auto``, ``bubblewrap``, ``none``, or ``fresh``: none, and no forks.
        own_folder: Whether all that is graded is the folder one stands in.

    Raises:
        MisuseError: if the sandbox cannot be had and is not waived.
    """
    if wanted not in CHOICES:
        raise MisuseError(
            problem=f"There is no sandbox {wanted!r}.",
            next_step=f"Choose one of {', '.join(CHOICES)}.",
        )
    if wanted in {"none", "fresh"}:
        engine = _plain_engine() if wanted == "none" else FreshEngine()
        reason = f"--sandbox {wanted} asked for it"
        return Choice(engine, UNISOLATED.format(reason=reason))
    bwrap = find_bubblewrap()
    problem = _missing() if bwrap is None else prove(bwrap)
    if bwrap is not None and problem is None:
        return Choice(BubblewrapEngine(bwrap))
    if wanted == "auto" and own_folder:
        reason = f"the sandbox cannot be had here ({problem})"
        return Choice(_plain_engine(), UNISOLATED.format(reason=reason))
    raise MisuseError(
        problem=f"Submissions of others run only in a sandbox, and {problem}.",
        next_step=(
            "Use Linux with bubblewrap (`apt install bubblewrap`) and user namespaces "
            "allowed; in Docker: --security-opt seccomp=unconfined "
            "--security-opt apparmor=unconfined. "
            "Or waive it for code that you trust: --sandbox none."
        ),
    )


def prove(bwrap: Path) -> str | None:
    """Run a harmless program the way that submissions run.

    Returns:
        None if it worked, else what went wrong.
    """
    command = [str(bwrap), *PROOF, sys.executable, "-I", "-S", "-c", NESTED]
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            timeout=60,
            env={"PATH": os.defpath},
            check=False,
            cwd="/",
        )
    except (OSError, subprocess.SubprocessError) as error:
        return f"bubblewrap does not start: {error}"
    if done.returncode == 0:
        return None
    said = done.stderr.decode("utf-8", "replace").strip().splitlines()
    return f"bubblewrap does not work here: {said[-1] if said else done.returncode}"


def _plain_engine() -> Engine:
    """Return the fastest engine without isolation that this system can have."""
    can_fork = hasattr(os, "fork") and hasattr(socket, "send_fds")
    return PlainEngine() if can_fork else FreshEngine()


def _missing() -> str:
    if not sys.platform.startswith("linux"):
        return f"bubblewrap does not exist for {sys.platform}"
    return "bubblewrap is not installed"
