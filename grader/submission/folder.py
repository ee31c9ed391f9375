"""Reading a folder that may be hostile: no link is followed, all is bounded."""

import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

from grader.submission.intake import Limits, choose
from grader.submission.names import DEEPEST, admit
from grader.submission.notes import Notes
from grader.submission.ordinary import ORDINARY_FLAGS, read_ordinary

FOLDER_FLAGS = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW


def read_folder(
    folder: Path, limits: Limits, leave_out: Sequence[str], notes: Notes
) -> dict[str, bytes]:
    """Read the files of a folder, by clean path."""
    raw_names: dict[str, str] = {}
    sizes: dict[str, int] = {}
    for raw, size in _list(folder, limits, notes):
        path = admit(raw, notes)
        if path is None:
            continue
        if path in sizes:
            notes.add("another file has the same name", raw)
            continue
        raw_names[path], sizes[path] = raw, size
    files: dict[str, bytes] = {}
    root = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        for path in choose(sizes, limits, leave_out, notes):
            content = _read_beneath(root, raw_names[path], limits.file_bytes)
            if content is None:
                notes.add("it could not be read", path)
            else:
                files[path] = content
    finally:
        os.close(root)
    return files


def _list(folder: Path, limits: Limits, notes: Notes) -> Iterator[tuple[str, int]]:
    offered = 0
    for here, folders, files in os.walk(folder, onerror=_Noting(folder, notes)):
        relative = _relative(here, folder)
        if relative and "pyvenv.cfg" in files:
            folders.clear()
            continue
        folders[:] = [
            name
            for name in sorted(folders)
            if _enters(Path(here, name), f"{relative}{name}", notes)
        ]
        for name in sorted(files):
            offered += 1
            if offered > limits.names:
                notes.add(f"only {limits.names} names are looked at", relative + name)
                return
            size = _size(Path(here, name), f"{relative}{name}", notes)
            if size is not None:
                yield f"{relative}{name}", size


def _relative(here: str, folder: Path) -> str:
    relative = os.path.relpath(here, folder).replace(os.sep, "/")
    return "" if relative == "." else f"{relative}/"


class _Noting:
    """Turn an unreadable folder into a note."""

    def __init__(self, folder: Path, notes: Notes) -> None:
        self._folder = folder
        self._notes = notes

    def __call__(self, error: OSError) -> None:
        name = os.path.relpath(os.fsdecode(error.filename), self._folder)
        self._notes.add("it could not be read", name)


def _enters(folder: Path, raw: str, notes: Notes) -> bool:
    if folder.is_symlink():
        notes.add("links are not followed", raw)
        return False
    if raw.count("/") >= DEEPEST - 1:
        notes.add("too deep inside other folders", raw)
        return False
    return admit(raw, notes) is not None


def _size(file: Path, raw: str, notes: Notes) -> int | None:
    try:
        status = file.lstat()
    except OSError:
        notes.add("it could not be read", raw)
        return None
    if stat.S_ISREG(status.st_mode):
        return status.st_size
    is_link = stat.S_ISLNK(status.st_mode)
    notes.add("links are not followed" if is_link else "not an ordinary file", raw)
    return None


def _read_beneath(root: int, raw: str, limit: int) -> bytes | None:
    """Read a file without passing through a link, also one made just now."""
    try:
        descriptor = _open_beneath(root, raw)
    except OSError:
        return None
    return read_ordinary(descriptor, limit)


def _open_beneath(root: int, raw: str) -> int:
    *folders, name = raw.split("/")
    here = os.dup(root)
    try:
        for folder in folders:
            inner = os.open(folder, FOLDER_FLAGS, dir_fd=here)
            os.close(here)
            here = inner
        return os.open(name, ORDINARY_FLAGS, dir_fd=here)
    finally:
        os.close(here)
