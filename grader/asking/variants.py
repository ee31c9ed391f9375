"""Services that differ from the reference in a known way, as edits of its files."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.errors import GraderFault
from grader.submission.tree import Tree


@dataclass(frozen=True, slots=True)
class Variant:
    """A service that differs from the reference, as edits of its files."""

    name: str
    about: str
    kind: str
    looks: tuple[str, ...]
    """Words by which a test is found that may notice it; they only save time."""
    edits: tuple[Mapping[str, Any], ...]
    """Each has ``file``, ``replace`` and ``find``; without ``find`` it is appended."""

    @classmethod
    def read(cls, path: Path) -> "Variant":
        """Read a variant from its file."""
        facts = tomllib.loads(path.read_text("utf-8"))
        return cls(
            name=path.stem,
            about=str(facts["about"]),
            kind=str(facts.get("kind", "")),
            looks=tuple(facts.get("looks", ())),
            edits=tuple(facts["edit"]),
        )

    def apply(self, tree: Tree) -> Tree:
        """Edit the reference's files.

        Raises:
            GraderFault: if an edit does not fit the reference any more.
        """
        files = dict(tree.files)
        for edit in self.edits:
            path, find = str(edit["file"]), str(edit.get("find", "")).encode()
            content = files.get(path, b"")
            if find not in content or (not find and not content):
                raise GraderFault(
                    problem=f"{self.name} does not fit {path}: {find.decode()!r}.",
                    next_step="Correct the edit: the reference has changed.",
                )
            new = str(edit["replace"]).encode()
            files[path] = content.replace(find, new) if find else content + new
        return Tree(files)


def variants(folder: Path) -> list[Variant]:
    """Read all variants of a folder, by name."""
    return [Variant.read(path) for path in sorted(folder.glob("*.toml"))]
