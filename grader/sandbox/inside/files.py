"""Lay, list and read the files of one world."""

import contextlib
import os
import stat
from collections.abc import Collection, Iterator
from pathlib import Path

from .parcel import unpack

SHARED = "tmp"
FOLDERS = ("data", "home", "log", "project", SHARED)
TAIL_BYTES = 16_000
LISTED_FILES = 20_000
LISTED_CHARACTERS = 6_000_000
LONGEST_PATH = 2_000
# Where these do not exist, nothing here is called.
NO_LINK = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
FOLDER_FLAGS = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | NO_LINK
NEW_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_EXCL | NO_LINK


def clear(root: Path) -> None:
    """Leave nothing below the world's root but its folders, all empty."""
    root.chmod(0o700)
    shared = root / SHARED  # kept itself: /tmp may be mounted from it
    if shared.is_dir() and not shared.is_symlink():
        shared.chmod(0o700)
        empty(shared)
        empty(root, keep={SHARED})
    else:
        empty(root)
    for name in FOLDERS:
        (root / name).mkdir(exist_ok=True)


def renew(root: Path, tree: bytes) -> None:
    """Clear the world and lay a parcel's files as its project."""
    clear(root)
    lay(root / "project", tree)


def empty(folder: Path, keep: Collection[str] = ()) -> None:
    """Remove all that lies in a folder, however deep or closed it was made.

    No path is followed and nothing recurses: a folder inside a folder is first brought
    up, so that names stay short.
    """
    top = os.open(folder, FOLDER_FLAGS)
    try:
        waiting = [entry.name for entry in os.scandir(top) if entry.name not in keep]
        while waiting:
            waiting += _remove(top, waiting.pop())
    finally:
        os.close(top)


def _remove(top: int, name: str) -> list[str]:
    """Remove an entry of an open folder; name the folders brought up from inside."""
    with contextlib.suppress(OSError):
        os.unlink(name, dir_fd=top)
        return []
    raised: list[str] = []
    with contextlib.suppress(OSError):
        os.chmod(name, 0o700, dir_fd=top)
        inner = os.open(name, FOLDER_FLAGS, dir_fd=top)
        try:
            for child in list(os.scandir(inner)):
                raised += _unlink_or_raise(inner, child.name, top)
        finally:
            os.close(inner)
        os.rmdir(name, dir_fd=top)
    return raised


def _unlink_or_raise(inner: int, child: str, top: int) -> list[str]:
    with contextlib.suppress(OSError):
        os.unlink(child, dir_fd=inner)
        return []
    with contextlib.suppress(OSError):
        os.chmod(child, 0o700, dir_fd=inner)  # to be moved, it must be writable
        free = os.urandom(12).hex()
        os.rename(child, free, src_dir_fd=inner, dst_dir_fd=top)
        return [free]
    return []


def lay(project: Path, tree: bytes) -> None:
    """Unpack the trusted side's parcel: plain files with checked names."""
    for name, content in unpack(tree):
        with os.fdopen(_create(project, name), "wb") as target:
            target.write(content)


def _create(project: Path, name: str) -> int:
    """Create a file, in place of whatever the submission may have put there."""
    with contextlib.suppress(OSError):  # most often only the folder is there
        return os.open(f"{project}/{name}", NEW_FLAGS, 0o644)
    target = project / name
    with contextlib.suppress(OSError):
        target.parent.mkdir(parents=True, exist_ok=True)
        return os.open(target, NEW_FLAGS, 0o644)
    parts = name.split("/")
    for end in range(1, len(parts)):
        place = Path(project, *parts[:end])
        if place.is_symlink() or not place.is_dir():
            place.unlink(missing_ok=True)
    if target.is_dir() and not target.is_symlink():
        empty(target)
        target.rmdir()
    target.unlink(missing_ok=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    return os.open(target, NEW_FLAGS, 0o644)


def listing(root: Path) -> list[tuple[str, int, int, int]]:
    """List what lies below ``root``: path, mode, size in bytes, change time in ns.

    What is beyond the bounds is left out: only a hostile submission gets there.
    """
    found: list[tuple[str, int, int, int]] = []
    room = LISTED_CHARACTERS
    for path, entry in _walk(root):
        room -= len(path)
        if room < 0 or len(found) >= LISTED_FILES:
            break
        with contextlib.suppress(OSError):
            facts = entry.stat(follow_symlinks=False)
            shown = path.encode("utf-8", "replace").decode()
            found.append((shown, facts.st_mode, facts.st_size, facts.st_mtime_ns))
    return sorted(found)


def _walk(root: Path) -> Iterator[tuple[str, os.DirEntry[str]]]:
    waiting = [""]
    while waiting:
        folder = waiting.pop()
        try:
            entries = list(os.scandir(f"{root}/{folder}"))
        except OSError:  # closed, or too deep for a path
            continue
        for entry in entries:
            path = f"{folder}{entry.name}"
            yield path, entry
            with contextlib.suppress(OSError):
                if len(path) < LONGEST_PATH and entry.is_dir(follow_symlinks=False):
                    waiting.append(f"{path}/")


def open_regular(root: Path, path: str) -> int | None:
    """Open a regular file below ``root`` without following a link, or return None."""
    parts = [part for part in path.split("/") if part not in ("", ".", "..")]
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        descriptor = os.open(root, flags | os.O_DIRECTORY)
    except OSError:
        return None
    try:
        for part in parts[:-1]:
            inner = os.open(part, flags | os.O_DIRECTORY, dir_fd=descriptor)
            os.close(descriptor)
            descriptor = inner
        found = os.open(parts[-1], flags | os.O_NONBLOCK, dir_fd=descriptor)
    except (OSError, IndexError, ValueError):
        return None
    finally:
        os.close(descriptor)
    if stat.S_ISREG(os.fstat(found).st_mode):
        return found
    os.close(found)
    return None


def tail(root: Path, path: str) -> str:
    """Return the end of a text file below ``root``, as far as it can be read."""
    found = open_regular(root, path)
    if found is None:
        return ""
    with os.fdopen(found, "rb") as source:
        source.seek(max(0, source.seek(0, os.SEEK_END) - TAIL_BYTES))
        return source.read(TAIL_BYTES).decode("utf-8", "replace")
