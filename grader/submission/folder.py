"""Reading a folder that may be hostile: no link is followed, all is bounded."""

import contextlib
import os
import stat
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from grader.submission.intake import Limits, choose
from grader.submission.names import DEEPEST, admit
from grader.submission.notes import Notes
from grader.submission.ordinary import ORDINARY_FLAGS, read_ordinary

WHOLE_FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0)
FOLDER_FLAGS = WHOLE_FOLDER | getattr(os, "O_NOFOLLOW", 0)


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
    with _opening(folder) as open_beneath:
        for path in choose(sizes, limits, leave_out, notes):
            content = _read(open_beneath, raw_names[path], limits.file_bytes)
            if content is None:
                notes.add("it could not be read", path)
            else:
                files[path] = content
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


def _read(open_beneath: Callable[[str], int], raw: str, limit: int) -> bytes | None:
    try:
        descriptor = open_beneath(raw)
    except OSError:
        return None
    return read_ordinary(descriptor, limit)


@contextlib.contextmanager
def _opening(folder: Path) -> Iterator[Callable[[str], int]]:
    """Give what opens a file without passing through a link.

    Also one made just now, but where a system cannot open a file beneath a folder.
    """
    if os.open not in os.supports_dir_fd:
        yield partial(_open_plain, folder)
        return
    root = os.open(folder, WHOLE_FOLDER)
    try:
        yield partial(_open_beneath, root)
    finally:
        os.close(root)


def _open_plain(folder: Path, raw: str) -> int:
    place = folder
    for part in raw.split("/"):
        place = place / part
        if place.is_symlink():
            raise OSError("links are not followed")
    return os.open(place, ORDINARY_FLAGS)


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
