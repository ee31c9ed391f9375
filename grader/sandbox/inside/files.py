"""Lay, list and read the files of one world."""

import contextlib
import os
import shutil
import stat
import tarfile
from pathlib import Path
from typing import IO

KEPT = frozenset({"tmp"})
FOLDERS = ("data", "home", "log", "project", "tmp")
TAIL_BYTES = 16_000


def clear(root: Path) -> None:
    """Empty the world's folders, making them if need be."""
    for name in FOLDERS:
        folder = root / name
        if name in KEPT and folder.is_dir():  # /tmp may be mounted from it
            _empty(folder)
        else:
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(exist_ok=True)


def lay(project: Path, source: IO[bytes]) -> None:
    """Unpack the trusted side's tar archive: plain files with checked names."""
    with tarfile.open(fileobj=source) as archive:
        for member in archive:
            content = archive.extractfile(member)
            if content is None:
                continue
            target = project / member.name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content.read())


def listing(root: Path) -> list[tuple[str, int, int]]:
    """List regular files: path below ``root``, size in bytes, change time in ns."""
    found = []
    for folder, folders, names in os.walk(root):
        folders.sort()
        for name in sorted(names):
            path = Path(folder, name)
            with contextlib.suppress(OSError):
                facts = path.lstat()
                if stat.S_ISREG(facts.st_mode):
                    shown = str(path.relative_to(root)).encode("utf-8", "replace")
                    found.append((shown.decode(), facts.st_size, facts.st_mtime_ns))
    return found


def open_regular(root: Path, path: str) -> int | None:
    """Open a regular file below ``root`` without following a link, or return None."""
    parts = [part for part in path.split("/") if part not in ("", ".", "..")]
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(root, flags | os.O_DIRECTORY)
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


def tail(path: str) -> str:
    """Return the end of a text file, as far as it can be read."""
    try:
        with Path(path).open("rb") as source:
            source.seek(0, os.SEEK_END)
            source.seek(max(0, source.tell() - TAIL_BYTES))
            return source.read().decode("utf-8", "replace")
    except OSError:
        return ""


def _empty(folder: Path) -> None:
    for entry in os.scandir(folder):
        if entry.is_dir(follow_symlinks=False):
            shutil.rmtree(entry.path, ignore_errors=True)
        else:
            with contextlib.suppress(OSError):
                Path(entry.path).unlink()
