"""An immutable tree of files in memory, which everything later works on."""

import codecs
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cached_property
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import Self

from grader.errors import MisuseError
from grader.submission.folder import read_folder
from grader.submission.intake import STANDARD_LIMITS, Limits
from grader.submission.names import folders_of, is_beneath
from grader.submission.notes import Notes

# UTF-32 comes first: its mark begins with that of UTF-16.
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True, eq=False)
class Tree:
    """Files by relative POSIX path; equal when every path and byte is."""

    files: Mapping[str, bytes] = field(repr=False)

    def __post_init__(self) -> None:
        """Freeze the files in sorted order."""
        ordered = {path: self.files[path] for path in sorted(self.files)}
        for path in ordered:
            _refuse_unsafe(path)
        object.__setattr__(self, "files", MappingProxyType(ordered))

    @cached_property
    def digest(self) -> str:
        """Tell these paths and bytes from all others."""
        return _digest(self.files)

    def __eq__(self, other: object) -> bool:
        """Compare every path and byte."""
        return isinstance(other, Tree) and self.digest == other.digest

    def __hash__(self) -> int:
        """Be alike where equal."""
        return hash(self.digest)

    @classmethod
    def read(cls, folder: Path, *, limits: Limits = STANDARD_LIMITS) -> Self:
        """Read a folder of our own, with the same rules as a submission."""
        if not folder.is_dir():
            raise MisuseError(
                problem=f"There is no folder {folder}.",
                next_step="Check the path; it must be a folder that you may read.",
            )
        return cls(read_folder(folder, limits, (), Notes()))

    def overlay(self, other: "Tree | Mapping[str, bytes]") -> "Tree":
        """Lay other files over these; where both have a path, the other wins."""
        upper = other.files if isinstance(other, Tree) else other
        hidden = {
            str(parent) for path in upper for parent in PurePosixPath(path).parents
        }
        lower = {
            path: content
            for path, content in self.files.items()
            if path not in hidden and not any(map(upper.__contains__, folders_of(path)))
        }
        return Tree({**lower, **upper})

    def without(self, *patterns: str) -> "Tree":
        """Leave out what matches: a glob over whole paths, or a folder's path."""
        folders = [pattern.rstrip("/") for pattern in patterns]
        return Tree(
            {
                path: content
                for path, content in self.files.items()
                if not is_beneath(path, folders)
                and not any(fnmatchcase(path, pattern) for pattern in patterns)
            }
        )

    def under(self, folder: str) -> "Tree":
        """Give the files inside a folder, with paths relative to it."""
        prefix = f"{folder.strip('/')}/" if folder.strip("/") else ""
        return Tree(
            {
                path[len(prefix) :]: content
                for path, content in self.files.items()
                if path.startswith(prefix)
            }
        )

    def text(self, path: str) -> str:
        """Decode a file by its byte order mark, else as UTF-8, with plain newlines."""
        content = self.files[path]
        encoding = "utf-8"
        for mark, name in BYTE_ORDER_MARKS:
            if content.startswith(mark):
                encoding = name
                break
        text = content.decode(encoding, errors="replace")
        return text.replace("\r\n", "\n").replace("\r", "\n")

    def paths(self, suffix: str = "") -> tuple[str, ...]:
        """List the paths that end in a suffix, sorted."""
        return tuple(path for path in self.files if path.endswith(suffix))


def _refuse_unsafe(path: str) -> None:
    parts = path.split("/")
    if "\0" in path or any(part in {"", ".", ".."} for part in parts):
        raise ValueError(f"not a relative path of a tree: {path!r}")


def _digest(files: Mapping[str, bytes]) -> str:
    total = hashlib.sha256()
    for path, content in files.items():
        name = path.encode("utf-8", "surrogatepass")
        total.update(b"%d %d\n" % (len(name), len(content)))
        total.update(name)
        total.update(content)
    return f"sha256:{total.hexdigest()}"
