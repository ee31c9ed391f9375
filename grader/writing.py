"""Write files whole or not at all, and zips that are the same for the same files."""

import io
import os
import shutil
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path

from .errors import MisuseError

STANDARD_OUTPUT = Path("-")
# The first moment that a zip can name: when a file was changed is no part of it.
MOMENT = (1980, 1, 1, 0, 0, 0)
ORDINARY_FILE = 0o100644
MADE_ON_UNIX = 3


def write_whole(path: Path, text: str | bytes) -> None:
    """Write a file whole or not at all, as UTF-8; ``-`` is standard output."""
    content = text if isinstance(text, bytes) else text.encode("utf-8")
    if path == STANDARD_OUTPUT:
        _print(content)
        return
    target = path.resolve()
    if target.exists() and not target.is_file():
        target.write_bytes(content)  # a pipe or a device, which nothing replaces
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        unfinished.write_bytes(content)
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)


def _print(content: bytes) -> None:
    buffer = getattr(sys.stdout, "buffer", None)
    if buffer is None:  # a stream of text alone, as tests have
        sys.stdout.write(content.decode("utf-8"))
        return
    sys.stdout.flush()
    buffer.write(content)  # as it is: no newline may be translated
    buffer.flush()


def require_writable(path: Path, option: str) -> None:
    """Refuse a file that cannot be written, before any work is done for it.

    Raises:
        MisuseError: if it is a folder, lies in none, or may not be written.
    """
    if path == STANDARD_OUTPUT:
        return
    problem = ""
    folder = path.resolve().parent
    if path.is_dir():
        problem = f"{path} is a folder."
    elif not folder.is_dir():
        problem = f"There is no folder {path.parent}."
    elif not os.access(path if path.exists() else folder, os.W_OK):
        problem = f"{path} cannot be written."
    if problem:
        next_step = f"Give {option} a file in a folder that exists, or - to print it."
        raise MisuseError(problem=problem, next_step=next_step)


def open_folder(path: Path, option: str) -> Path:
    """Make a folder to write files in, or take the one that is there.

    Raises:
        MisuseError: if there is something else of that name, or it cannot be made.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise MisuseError(
            problem=f"{path} cannot be used as a folder: {error.strerror}.",
            next_step=f"Give {option} a folder, which is made where it is missing.",
        ) from error
    return path


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Zip files by relative path: the same files give the same bytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            member = zipfile.ZipInfo(name, MOMENT)
            member.create_system = MADE_ON_UNIX
            member.external_attr = ORDINARY_FILE << 16
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, files[name])
    return packed.getvalue()


def write_new_folder(path: Path, files: Mapping[str, bytes], option: str) -> None:
    """Write a folder whole or not at all, where there is none or an empty one.

    Raises:
        MisuseError: if something is there, or it cannot be written.
    """
    if path.exists() and not (path.is_dir() and not any(path.iterdir())):
        raise MisuseError(
            problem=f"{path} is there already, and nothing in it is overwritten.",
            next_step=f"Move it away, or give {option} another name.",
        )
    target = path.resolve()
    unfinished = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        for name, content in files.items():
            place = unfinished / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
        unfinished.replace(target)
    except OSError as error:
        raise MisuseError(
            problem=f"{path} cannot be written: {error.strerror}.",
            next_step=f"Give {option} a folder that can be made.",
        ) from error
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
