"""Reading a zip in memory: nothing is extracted, sizes are never trusted."""

import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path

from grader.errors import MisuseError
from grader.submission.intake import Limits, choose
from grader.submission.names import DEEPEST, admit
from grader.submission.notes import Notes

END_OF_DIRECTORY = b"PK\x05\x06"
LARGE_DIRECTORY = b"PK\x06\x07"
END_LENGTH = 22
LONGEST_COMMENT = 0xFFFF
LARGEST_DIRECTORY = 16_000_000
LARGEST_RATIO = 100
ENCRYPTED = 0x1
UTF8_NAME = 0x800
LINK_MODE = 0o120000
MODE_MASK = 0o170000
# Everything that the standard library raises on a damaged or strange zip.
DAMAGE = (
    *(zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, EOFError, OSError),
    *(NotImplementedError, RuntimeError, ValueError, IndexError, MemoryError),
)


def read_archive(
    path: Path, limits: Limits, leave_out: Sequence[str], notes: Notes
) -> dict[str, bytes]:
    """Read the files of a zip, by clean path.

    Raises:
        MisuseError: The file is no zip, is damaged, encrypted or a bomb.
    """
    _refuse_large_directory(path)
    try:
        with zipfile.ZipFile(path) as archive:
            members = _members(archive, notes)
            sizes = {name: member.file_size for name, member in members.items()}
            kept = choose(sizes, limits, leave_out, notes)
            _refuse_bomb(path, sum(sizes.values()), limits)
            return {name: _content(archive, members[name], limits) for name in kept}
    except DAMAGE as error:
        raise MisuseError(
            problem=f"{path.name} is damaged: {error or type(error).__name__}.",
            next_step="Make the zip again, or give the folder itself.",
        ) from error


def _refuse_large_directory(path: Path) -> None:
    """Look at the table of contents' size before anything parses it."""
    try:
        with path.open("rb") as stream:
            stream.seek(0, 2)
            stream.seek(-min(stream.tell(), END_LENGTH + LONGEST_COMMENT), 2)
            tail = stream.read()
    except OSError as error:
        raise MisuseError(
            problem=f"{path} cannot be read: {error.strerror}.",
            next_step="Check that you may read the file.",
        ) from error
    end = tail.rfind(END_OF_DIRECTORY)
    if end < 0 or len(tail) < end + END_LENGTH:
        raise MisuseError(
            problem=f"{path.name} is not a zip.",
            next_step="Give the project's folder, or a zip of it.",
        )
    size = int.from_bytes(tail[end + 12 : end + 16], "little")
    if size > LARGEST_DIRECTORY or LARGE_DIRECTORY in tail[max(0, end - 20) : end]:
        raise MisuseError(
            problem=f"{path.name} lists far too many files.",
            next_step="Zip the sources only, without environments and data.",
        )


def _members(archive: zipfile.ZipFile, notes: Notes) -> dict[str, zipfile.ZipInfo]:
    members: dict[str, zipfile.ZipInfo] = {}
    listed = {_raw_name(member): member for member in reversed(archive.infolist())}
    environments = {
        raw.removesuffix("/pyvenv.cfg") for raw in listed if raw.endswith("/pyvenv.cfg")
    }
    for raw in sorted(listed):
        if raw.endswith("/") or not environments.isdisjoint(_around(raw)):
            continue
        if (listed[raw].external_attr >> 16) & MODE_MASK == LINK_MODE:
            notes.add("links are not followed", raw)
            continue
        name = admit(raw, notes)
        if name is None:
            continue
        if name in members:
            notes.add("another file has the same name", raw)
        else:
            members[name] = listed[raw]
    return members


def _around(raw: str) -> list[str]:
    parts = raw.split("/", DEEPEST)
    return ["/".join(parts[:end]) for end in range(1, len(parts))]


def _raw_name(member: zipfile.ZipInfo) -> str:
    name = member.filename
    if not member.flag_bits & UTF8_NAME:
        # Finder and older tools write UTF-8 without saying so.
        try:
            name = name.encode("cp437").decode("utf-8")
        except UnicodeError:
            name = member.filename
    return name.replace("\\", "/")


def _refuse_bomb(path: Path, declared: int, limits: Limits) -> None:
    ratio = declared / max(path.stat().st_size, 1)
    if declared > limits.total_bytes and ratio > LARGEST_RATIO:
        raise MisuseError(
            problem=f"{path.name} would unpack to {declared // 1_000_000} MB.",
            next_step="Zip the sources only, without environments and data.",
        )


def _content(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, limits: Limits
) -> bytes:
    if member.flag_bits & ENCRYPTED:
        raise MisuseError(
            problem="The zip is locked with a password.",
            next_step="Make it again without a password, or give the folder.",
        )
    with archive.open(member) as stream:
        content = stream.read(limits.file_bytes + 1)
    if len(content) != member.file_size:
        raise zipfile.BadZipFile(f"{member.filename!r} is not as large as it says")
    return content
