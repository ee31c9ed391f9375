"""Learn where a Python environment keeps its files, without importing from it."""

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from grader.errors import MisuseError

QUESTION = """
import json, os, sys, sysconfig
print(json.dumps({
    "prefix": sys.prefix,
    "base": sys.base_prefix,
    "version": list(sys.version_info[:2]),
    "standard": sysconfig.get_path("stdlib"),
    "packages": sysconfig.get_path("purelib"),
    "home": os.path.dirname(os.path.realpath(sys.executable)),
}))
"""
OLDEST = (3, 11)


@dataclass(frozen=True, slots=True)
class Interpreter:
    """One Python environment: its executable and the folders that belong to it."""

    executable: Path
    prefix: Path
    base: Path
    packages: Path

    @property
    def folders(self) -> tuple[str, ...]:
        """Return the folders that a submission may import from."""
        found = {str(self.prefix), str(self.base), str(self.packages)}
        return tuple(sorted(found))

    def compile_packages(self) -> None:
        """Byte-compile the packages once: a sandbox cannot keep what it compiles."""
        bare = [
            package.parent
            for package in self.packages.glob("*/__init__.py")
            if not (package.parent / "__pycache__").is_dir()
        ]
        if bare and os.access(self.packages, os.W_OK):
            command = [str(self.executable), "-I", "-m", "compileall", "-q", "-j", "0"]
            subprocess.run(
                [*command, *map(str, bare)],
                capture_output=True,
                check=False,
                cwd="/",
            )


def inspect(executable: Path) -> Interpreter:
    """Ask a Python executable about its environment.

    Raises:
        MisuseError: if it cannot be run or is too old.
    """
    path = Path(executable).absolute()
    try:
        answer = subprocess.run(
            [str(path), "-I", "-c", QUESTION],
            capture_output=True,
            check=True,
            timeout=60,
            cwd="/",
        )
        facts = json.loads(answer.stdout)
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        raise MisuseError(
            problem=f"{executable} could not be run as a Python interpreter.",
            next_step="Point --python at the python of a virtual environment.",
        ) from error
    if tuple(facts["version"]) < OLDEST:
        shown = ".".join(map(str, facts["version"]))
        raise MisuseError(
            problem=f"{executable} is Python {shown}.",
            next_step="Point --python at Python 3.11 or newer.",
        )
    return Interpreter(
        path, Path(facts["prefix"]), Path(facts["base"]), Path(facts["packages"])
    )
