"""Lay a kit down as a folder or a zip, over nothing but an untouched kit."""

import hashlib
import io
import os
import shutil
import zipfile
from collections.abc import Mapping
from pathlib import Path

from grader.errors import MisuseError
from grader.untrusted import decode_json
from grader.writing import write_whole, zipped

from .contents import MARKER, Kit

ZIP = ".zip"
SHOWN = 5
# What tools leave in a kit and make again; all else may be somebody's work.
LEFT = frozenset({".venv", "__pycache__", ".pytest_cache", ".ruff_cache"})


def lay(kit: Kit, out: Path) -> None:
    """Write a kit to a folder, or to a zip if ``out`` ends so.

    Raises:
        MisuseError: if what is there already is no kit, or no longer as it was made, or
            if nothing can be written there.
    """
    require_free(out)
    try:
        if out.suffix.lower() == ZIP:
            files = {f"{kit.name}/{path}": text for path, text in kit.files.items()}
            write_whole(out, zipped(files))
        else:
            _write_folder(kit, out.resolve())
    except OSError as error:
        raise MisuseError(
            problem=f"{out} cannot be written: {error.strerror}.",
            next_step="Give a folder or a zip in a place where you may write.",
        ) from error


def require_free(out: Path) -> None:
    """Refuse to write over anything but an untouched kit.

    Raises:
        MisuseError: if there is something else.
    """
    if not out.exists():
        return
    if out.suffix.lower() == ZIP:
        files = _read_zip(out)
    elif out.is_dir():
        files = _read_folder(out)
    else:
        files = None
    if files == {}:
        return
    changed = _changes(files) if files else None
    if changed is None:
        raise MisuseError(
            problem=f"{out} is there already, and it is no kit.",
            next_step="Give the name of a new folder or a new zip.",
        )
    if changed:
        named = ", ".join(changed[:SHOWN])
        more = f" and {len(changed) - SHOWN} more" if len(changed) > SHOWN else ""
        raise MisuseError(
            problem=f"Somebody has worked in the kit {out}: {named}{more}.",
            next_step="Give the name of a new folder, or move this one away.",
        )


def _changes(files: Mapping[str, bytes]) -> list[str] | None:
    """List what differs from the kit as it was made; None if it never was one."""
    try:
        facts = decode_json(files[MARKER])
        digests = dict(facts["files"])
    except (KeyError, TypeError, ValueError):
        return None
    now = {path: hashlib.sha256(text).hexdigest() for path, text in files.items()}
    del now[MARKER]
    return sorted(
        path for path in {*digests, *now} if now.get(path) != digests.get(path)
    )


def _read_folder(folder: Path) -> dict[str, bytes]:
    """Read what somebody may have made there, not what tools left."""
    found: dict[str, bytes] = {}
    for here, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name not in LEFT]
        for name in names:
            path = Path(here, name)
            place = path.relative_to(folder).as_posix()
            found[place] = path.read_bytes() if path.is_file() else b""
    return found


def _read_zip(path: Path) -> dict[str, bytes] | None:
    try:
        with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as archive:
            names = [name for name in archive.namelist() if not name.endswith("/")]
            files = {n.partition("/")[2]: archive.read(n) for n in names}
    except (OSError, zipfile.BadZipFile, RuntimeError, NotImplementedError):
        return None
    return files or None


def _write_folder(kit: Kit, folder: Path) -> None:
    """Make the folder beside its place, so that nobody sees half a kit."""
    unfinished = folder.with_name(f".{folder.name}.{os.getpid()}")
    try:
        for path, content in kit.files.items():
            target = unfinished / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        if folder.exists():
            shutil.rmtree(folder)
        unfinished.replace(folder)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
