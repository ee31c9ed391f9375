"""Start each workspace named on the command line in a process of its own.

A fork for each, after one import of the libraries, because that import is what costs.
Prints one line of JSON for each workspace: its name, and what went wrong or null.
The finished workspace's tests are left to the project's own test run.
"""

import contextlib
import importlib
import io
import json
import os
import pkgutil
import sys
import traceback
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from fastapi.testclient import TestClient

FINISHED = "06_downgrade solution"


def boot(workspace: Path) -> None:
    """Import the workspace, ask for its health, migrate it and run its tests."""
    sys.path.insert(0, str(workspace))
    os.environ["DATABASE_URL"] = f"sqlite:///{workspace / 'boot.db'}"
    package = importlib.import_module("movie_service")
    for module in pkgutil.iter_modules(package.__path__, "movie_service."):
        importlib.import_module(module.name)
    app = importlib.import_module("movie_service.main").app
    with TestClient(app) as client:
        answer = client.get("/health")
        if answer.status_code != 200:
            raise RuntimeError(f"/health answers {answer.status_code}")
    if (workspace / "alembic.ini").exists():
        ini = workspace / "alembic.ini"
        quiet = {"configure_logger": False}
        config = Config(str(ini), stdout=io.StringIO(), attributes=quiet)
        command.upgrade(config, "head")
        if "TODO" not in (workspace / "migrations/env.py").read_text():
            command.check(config)
    has_tests = (workspace / "movie_service/tests/conftest.py").exists()
    if has_tests and workspace.name != FINISHED:
        # Without these two, pytest looks through every folder from the disk's root on.
        bounds = [f"--rootdir={workspace}", f"--confcutdir={workspace}"]
        options = ["-q", "-c", os.devnull, *bounds, "-p", "no:cacheprovider"]
        outcome = pytest.main([*options, str(workspace / "movie_service/tests")])
        if outcome != pytest.ExitCode.OK:
            raise RuntimeError("its tests fail")


def boot_in_fork(workspace: Path) -> str | None:
    """Boot in a child; return what went wrong."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        log = io.StringIO()
        try:
            with contextlib.redirect_stdout(log):
                boot(workspace)
        except BaseException:  # noqa: BLE001  # whatever it is, it goes into the report
            log.write(traceback.format_exc())
            os.write(writing, log.getvalue()[-4000:].encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as report:
        trouble = report.read()
    os.waitpid(child, 0)
    return trouble or None


if __name__ == "__main__":
    for argument in sys.argv[1:]:
        folder = Path(argument)
        line = {"workspace": folder.name, "trouble": boot_in_fork(folder)}
        sys.stdout.write(json.dumps(line) + "\n")
