"""Run one of the submission's own command-line programs, as a person would."""

import runpy
import sys
from collections.abc import Callable
from pathlib import Path

from .child import Box


def run_module(box: Box, role: str, arguments: list[str]) -> object:
    """Run ``python -m MODULE ARGUMENTS`` for the module of a role."""
    name = box.modules[role]
    sys.argv = [name, *arguments]
    return {"exit_code": _exit_code(lambda: runpy.run_module(name, None, "__main__"))}


def run_script(box: Box, role: str, arguments: list[str]) -> object:
    """Run ``python PATH ARGUMENTS``: the script's folder leads the import path."""
    path = box.paths[role]
    sys.argv = [path, *arguments]
    sys.path[0] = str(Path(box.project, path).parent)
    return {"exit_code": _exit_code(lambda: runpy.run_path(path, None, "__main__"))}


def _exit_code(run: Callable[[], object]) -> int:
    try:
        run()
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else int(stop.code is not None)
    return 0
