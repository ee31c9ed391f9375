"""The persistence preflight: what this machine needs before class, and what to do."""

import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from importlib import metadata
from pathlib import Path

from grader.catalog import Course
from grader.errors import MisuseError
from grader.sandbox.choice import choose_engine
from grader.writing import write_whole

from .layers import labs_folder
from .workspace import Workspace

OLDEST_PYTHON = (3, 11)
OLDEST_SQLITE = (3, 35, 0)
PROJECT = "movie-service-lab"
QUESTION = "question.txt"
LONGEST_QUESTION = 2_000
MOST_NAMED = 4
TRY_SQLITE = """
PRAGMA foreign_keys = ON;
CREATE TABLE movie (id INTEGER PRIMARY KEY, title TEXT UNIQUE);
CREATE TABLE rating (
    movie_id INTEGER REFERENCES movie (id) ON DELETE CASCADE,
    score INTEGER CHECK (score BETWEEN 1 AND 5)
);
CREATE INDEX rating_movie ON rating (movie_id);
ALTER TABLE rating RENAME COLUMN score TO stars;
"""


class Verdict(StrEnum):
    """How something stands."""

    READY = "ready"
    USABLE = "usable"
    """Class can begin, but not as well as it could."""
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    name: str
    verdict: Verdict
    seen: str
    next_step: str = ""
    """What to do about it, where it is not ready."""


def look(workspace: Workspace, course: Course, port: int) -> Iterator[Finding]:
    """Look at everything that class needs, one thing after the other."""
    yield python()
    yield uv()
    yield packages(course.folder.parent / "uv.lock")
    yield sqlite()
    yield folder(workspace.folder)
    yield free_port(port)
    yield labs(course)
    yield sandbox()


def python() -> Finding:
    """Look at the Python that this runs with."""
    seen = sys.version.split()[0]
    if sys.version_info >= OLDEST_PYTHON:
        return Finding("Python", Verdict.READY, seen)
    wanted = ".".join(map(str, OLDEST_PYTHON))
    return Finding(
        "Python", Verdict.MISSING, seen, f"Install Python {wanted} or newer."
    )


def uv() -> Finding:
    """Look for uv and ask its version."""
    found = shutil.which("uv")
    advice = "Install it: pip install uv"
    if found is None:
        return Finding("uv", Verdict.USABLE, "not found on the path", advice)
    try:
        told = subprocess.run(  # noqa: S603 - what the path has, as in a terminal
            [found, "--version"], capture_output=True, timeout=20, check=True
        )
    except (OSError, subprocess.SubprocessError) as error:
        return Finding("uv", Verdict.USABLE, f"does not run: {error}", advice)
    return Finding("uv", Verdict.READY, told.stdout.decode("utf-8", "replace").strip())


def packages(lock: Path) -> Finding:
    """Compare the installed packages with the lock file."""
    name, advice = "Packages", "Install them as they are locked: uv sync"
    try:
        wanted = _locked(tomllib.loads(lock.read_text("utf-8")))
    except (OSError, ValueError, KeyError, TypeError) as error:
        seen = f"{lock.name} cannot be read: {type(error).__name__}"
        return Finding(name, Verdict.MISSING, seen, "Get the kit again, whole.")
    others = [
        f"{package} {have or 'is missing'}{f' is not {locked}' if have else ''}"
        for package, (locked, optional) in wanted.items()
        if (have := _installed(package)) != locked and not (optional and have is None)
    ]
    if others:
        more = len(others) - MOST_NAMED
        rest = f", and {more} more" if more > 0 else ""
        seen = ", ".join(others[:MOST_NAMED]) + rest
        return Finding(name, Verdict.MISSING, seen, advice)
    return Finding(name, Verdict.READY, f"{len(wanted)} as they are locked")


def _locked(lock: dict[str, list[dict[str, object]]]) -> dict[str, tuple[str, bool]]:
    """Map what the project depends on to its version, and whether some lack it."""
    known = {str(entry["name"]): entry for entry in lock["package"]}
    needs = known[PROJECT]["dependencies"]
    if not isinstance(needs, list):
        raise TypeError("dependencies must be a list")
    return {
        str(need["name"]): (str(known[need["name"]]["version"]), "marker" in need)
        for need in needs
    }


def _installed(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def sqlite() -> Finding:
    """Look at SQLite's version and try what the steps need of it."""
    seen = sqlite3.sqlite_version
    advice = "Use another Python: its SQLite is too old or was built without it."
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        return Finding("SQLite", Verdict.MISSING, seen, advice)
    connection = sqlite3.connect(":memory:")
    try:
        connection.executescript(TRY_SQLITE)
        connection.execute("INSERT INTO rating VALUES (999, 5)")
    except sqlite3.IntegrityError:
        seen = f"{seen}, with foreign keys, checks and renaming of columns"
        return Finding("SQLite", Verdict.READY, seen)
    except sqlite3.Error as error:
        return Finding("SQLite", Verdict.MISSING, f"{seen}: {error}", advice)
    finally:
        connection.close()
    seen = f"{seen} does not enforce foreign keys"
    return Finding("SQLite", Verdict.MISSING, seen, advice)


def folder(place: Path) -> Finding:
    """Write a file and a database where the student works."""
    advice = "Work in a folder of your own, on this machine's disk."
    try:
        with tempfile.TemporaryDirectory(prefix=".preflight-", dir=place) as here:
            connection = sqlite3.connect(Path(here, "try.db"))
            try:
                connection.executescript(TRY_SQLITE)
            finally:
                connection.close()
    except (OSError, sqlite3.Error) as error:
        return Finding("Folder", Verdict.MISSING, f"{place}: {error}", advice)
    return Finding("Folder", Verdict.READY, f"{place} can be written")


def free_port(port: int) -> Finding:
    """Try to listen where the service will."""
    advice = f"End what listens there, or use another: uvicorn … --port {port + 1}"
    try:
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", port))
    except OSError as error:
        told = error.strerror or error
        return Finding("Port", Verdict.USABLE, f"{port} is taken: {told}", advice)
    return Finding("Port", Verdict.READY, f"{port} is free")


def labs(course: Course) -> Finding:
    """Look for the labs."""
    try:
        labs_folder(course)
    except MisuseError as error:
        return Finding("Labs", Verdict.MISSING, error.problem, error.next_step)
    return Finding("Labs", Verdict.READY, f"{len(course.steps)} steps")


def sandbox() -> Finding:
    """Look how a student's own code is run."""
    choice = choose_engine("auto", own_folder=True)
    if choice.engine.isolated:
        return Finding("Sandbox", Verdict.READY, choice.engine.name)
    advice = "Nothing to do: your own folder is checked without one, more slowly."
    return Finding("Sandbox", Verdict.USABLE, choice.warning, advice)


def read_question(workspace: Workspace) -> str:
    """Return the question that was saved; empty if there is none."""
    try:
        text = (workspace.folder / QUESTION).read_text("utf-8", errors="replace")
    except OSError:
        return ""
    return text[:LONGEST_QUESTION].strip()


def save_question(workspace: Workspace, text: str) -> None:
    """Keep the question where ``submit`` takes it along.

    Raises:
        MisuseError: if it cannot be written, or is none.
    """
    question = " ".join(text.split())[:LONGEST_QUESTION]
    if not question:
        raise MisuseError(
            problem="The question is empty.",
            next_step='Write one sentence: --question "When does an index help?"',
        )
    try:
        write_whole(workspace.folder / QUESTION, f"{question}\n".encode())
    except (OSError, UnicodeEncodeError) as error:
        raise MisuseError(
            problem=f"The question cannot be saved: {error}.",
            next_step="Work in a folder of your own, on this machine's disk.",
        ) from error
