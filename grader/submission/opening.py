"""Opening a folder, a zip or a git checkout as an immutable submission."""

import contextlib
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from grader.errors import MisuseError
from grader.submission.archive import read_archive
from grader.submission.commit import is_checkout, read_commit
from grader.submission.folder import read_folder
from grader.submission.intake import STANDARD_LIMITS
from grader.submission.names import is_beneath, wrapping_folders
from grader.submission.notes import Notes
from grader.submission.roots import PROJECT_FILES
from grader.submission.tree import Tree

Kind = Literal["folder", "zip", "git"]
SETTINGS = "pyproject.toml"
TABLE = b"[tool.grader]"
LARGEST_SETTINGS = 100_000
MOST_SET_ASIDE = 50
RELATIVE_IMPORT = re.compile(rb"^\s*from\s+\.", re.MULTILINE)
GIVE_PROJECT = "Give the project's folder, a zip of it, or a git checkout."


@dataclass(frozen=True, slots=True)
class Submission:
    """A student's work as it was when it was opened."""

    name: str
    kind: Kind
    tree: Tree
    commit: str | None  # of a git checkout, where it can be told
    notes: tuple[str, ...]  # what was left out, and why


def open_submission(path: Path, *, leave_out: Sequence[str] = ()) -> Submission:
    """Read a submission into memory; nothing of it is run or imported.

    Args:
        path: A folder, a zip or a git checkout.
        leave_out: Folders of the project that are no part of the work.

    Raises:
        MisuseError: There is nothing there that could be graded.
    """
    notes = Notes()
    kind = _kind(path)
    if kind == "zip":
        files = read_archive(path, STANDARD_LIMITS, leave_out, notes)
    else:
        files = _read_folder(path, leave_out, notes)
    _refuse_empty(path, files, notes)
    whole = Tree(files)
    start = _project_folder(whole)
    tree = whole.under(start)
    aside = _set_aside(tree, notes)
    commit = None if kind == "zip" else read_commit(path / start)
    return Submission(
        name=path.resolve().stem if kind == "zip" else path.resolve().name,
        kind="git" if kind == "folder" and is_checkout(path / start) else kind,
        tree=tree.without(*aside) if aside else tree,
        commit=commit,
        notes=notes.sentences(),
    )


def _set_aside(tree: Tree, notes: Notes) -> list[str]:
    """List the folders that the project says are no part of its service.

    They are in its own ``pyproject.toml``, as ``leave-out`` of ``[tool.grader]``.
    """
    content = tree.files.get(SETTINGS, b"")
    if TABLE not in content or len(content) > LARGEST_SETTINGS:
        return []
    facts: Any = {}
    with contextlib.suppress(ValueError, RecursionError):  # no TOML: nothing is said
        facts = tomllib.loads(content.decode())
    for name in ("tool", "grader", "leave-out"):
        facts = facts.get(name) if isinstance(facts, dict) else None
    listed = facts[:MOST_SET_ASIDE] if isinstance(facts, list) else []
    named = [name for name in listed if isinstance(name, str)]
    aside = [
        folder
        for folder in (name.strip("/") for name in named)
        if any(is_beneath(path, [folder]) for path in tree.files)
    ]
    for folder in aside:
        notes.add(f"{SETTINGS} says that it is no part of the service", folder)
    return aside


def _kind(path: Path) -> Kind:
    try:
        if path.is_dir():
            return "git" if is_checkout(path) else "folder"
        if path.is_file():
            return "zip"
        exists = path.exists()
    except (OSError, ValueError):  # too long a name, a zero byte
        exists = False
    if exists:
        raise MisuseError(
            problem=f"{path} is neither a folder nor an ordinary file.",
            next_step=GIVE_PROJECT,
        )
    raise MisuseError(
        problem=f"There is nothing at {str(path)!r}.", next_step=GIVE_PROJECT
    )


def _read_folder(
    path: Path, leave_out: Sequence[str], notes: Notes
) -> dict[str, bytes]:
    try:
        return read_folder(path, STANDARD_LIMITS, leave_out, notes)
    except OSError as error:
        raise MisuseError(
            problem=f"{path} cannot be read: {error.strerror}.",
            next_step="Check that you may read the folder and what is in it.",
        ) from error


def _refuse_empty(path: Path, files: dict[str, bytes], notes: Notes) -> None:
    if any(name.endswith(".py") for name in files):
        return
    problem = f"{path} is empty." if not files else f"{path} holds no Python file."
    raise MisuseError(
        problem=problem, next_step=" ".join((*notes.sentences(), GIVE_PROJECT))
    )


def _project_folder(tree: Tree) -> str:
    """Step into a lone folder, unless it is the package and not the project."""
    start = ""
    for inner in wrapping_folders(tree.files.keys())[1:]:
        if _is_package(tree, inner):
            break
        start = inner
    return start


def _is_package(tree: Tree, folder: str) -> bool:
    name = re.escape(folder.rpartition("/")[2].encode())
    own_import = re.compile(rb"^\s*(?:from|import)\s+" + name + rb"\b", re.MULTILINE)
    sources = tree.paths(".py")
    direct = [path for path in sources if path.rpartition("/")[0] == folder]
    is_project = any(f"{folder}/{name}" in tree.files for name in PROJECT_FILES)
    return (
        f"{folder}/__init__.py" in direct
        or (bool(direct) and not is_project)
        or any(RELATIVE_IMPORT.search(tree.files[path]) for path in direct)
        or any(own_import.search(tree.files[path]) for path in sources)
    )
