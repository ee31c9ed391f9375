"""The commit of a git checkout, read as bounded text; git itself is never run."""

import os
import re
from pathlib import Path

from grader.submission.ordinary import ORDINARY_FLAGS, read_ordinary

COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
REFERENCE = re.compile(r"ref: (refs/[\w./+@-]+)")
LARGEST_TEXT = 1_000_000


def is_checkout(folder: Path) -> bool:
    """Tell whether a folder is the top of a git checkout."""
    return os.path.lexists(folder / ".git")


def read_commit(folder: Path) -> str | None:
    """Give the checked-out commit, or None where anything is odd."""
    directory = _git_directory(folder)
    head = _read(directory / "HEAD")
    if COMMIT.fullmatch(head):
        return head
    reference = REFERENCE.fullmatch(head)
    if not reference or ".." in reference[1]:
        return None
    for store in (directory, _shared_directory(directory)):
        found = _read(store / reference[1]) or _packed(store, reference[1])
        if COMMIT.fullmatch(found):
            return found
    return None


def _git_directory(folder: Path) -> Path:
    pointer = _read(folder / ".git")
    if pointer.startswith("gitdir: "):
        return folder / pointer.removeprefix("gitdir: ")
    return folder / ".git"


def _shared_directory(directory: Path) -> Path:
    return directory / (_read(directory / "commondir") or ".")


def _packed(store: Path, reference: str) -> str:
    for line in _read(store / "packed-refs").splitlines():
        commit, _, name = line.partition(" ")
        if name == reference:
            return commit
    return ""


def _read(path: Path) -> str:
    try:
        descriptor = os.open(path, ORDINARY_FLAGS)
    except (OSError, ValueError):  # also a zero byte in a pointer
        return ""
    content = read_ordinary(descriptor, LARGEST_TEXT) or b""
    return content.decode("utf-8", "replace").strip()
