"""Run the cells of each notebook named on the command line in a process of its own.

A fork for each, after one import of the libraries, because that import is what costs.
Prints one line for each cell that raised and is no check.
"""

import contextlib
import io
import json
import os
import sys
import traceback
from pathlib import Path
from types import ModuleType

import alembic.command
import fastapi.testclient
import sqlmodel

LIBRARIES = (alembic.command, fastapi.testclient, sqlmodel)


def run(path: Path) -> None:
    """Run the code cells from top to bottom, whatever the checks say."""
    module = sys.modules["__main__"] = ModuleType("__main__")
    for cell in json.loads(path.read_text("utf-8"))["cells"]:
        if cell["cell_type"] != "code":
            continue
        code = compile("".join(cell["source"]), cell["id"], "exec")
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                exec(code, vars(module))  # noqa: S102 - our own notebooks
        except Exception:  # noqa: BLE001 - whatever it is, it is told
            if "raises-exception" not in cell["metadata"].get("tags", ()):
                told = traceback.format_exc(limit=-1).replace("\n", " ")
                print(f"{path.stem}/{cell['id']}: {told}")  # noqa: T201


def main() -> None:
    """Run each notebook."""
    for path in map(Path, sys.argv[1:]):
        pid = os.fork()
        if pid == 0:
            try:
                run(path)
            finally:
                sys.stdout.flush()
                os._exit(0)
        os.waitpid(pid, 0)


if __name__ == "__main__":
    main()
