"""Write, remove and read files with nothing that only some systems have."""

import contextlib
import os
import shutil
import stat
from pathlib import Path
from typing import Any

TAIL_BYTES = 16_000


def place(project: Path, name: str, content: bytes | memoryview) -> None:
    """Write a file below a project, in place of whatever is there."""
    target = project / name
    inside = [path for path in target.parents if path.is_relative_to(project)]
    for folder in reversed(inside):
        if folder.is_symlink() or folder.is_file():
            folder.unlink()
    if target.is_dir() and not target.is_symlink():
        clear(target)
        target.rmdir()
    target.unlink(missing_ok=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)


def clear(folder: Path) -> None:
    """Remove all that lies in a folder, also what was closed."""
    folder.chmod(stat.S_IRWXU)
    for entry in list(folder.iterdir()):
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry, onerror=_open_and_try_again)
        else:
            entry.unlink()


def _open_and_try_again(function: Any, path: str, _: object) -> None:
    for place_ in (Path(path).parent, Path(path)):
        with contextlib.suppress(OSError):
            place_.chmod(stat.S_IRWXU)
    if function in {os.unlink, os.rmdir}:
        function(path)
    else:
        shutil.rmtree(path)


def tail(path: Path) -> str:
    """Return the end of a text file, as far as it can be read."""
    try:
        with path.open("rb") as source:
            source.seek(max(0, source.seek(0, os.SEEK_END) - TAIL_BYTES))
            return source.read(TAIL_BYTES).decode("utf-8", "replace")
    except OSError:
        return ""
