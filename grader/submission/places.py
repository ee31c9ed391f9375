"""Finding the parts of a service that are no modules: folders and plain files."""

import posixpath
import re
from collections.abc import Collection, Iterator
from fnmatch import fnmatchcase

from grader.submission.modules import (
    Modules,
    ancestors,
    distance,
    folders_of,
    join,
    parent,
)
from grader.submission.roles import Role
from grader.submission.tree import Tree

SCRIPT_LOCATION = re.compile(
    r"""^\s*script_location\s*=\s*["']?([^"'\n]+)""", re.MULTILINE
)
LARGEST_SETTINGS = 100_000
ENOUGH = 3
CONFIGURED = 10
NAMED = 2
AT_ITS_PLACE = 4


def find_file(tree: Tree, role: Role, root: str) -> str | None:
    """Give the file of that name which lies nearest to the root."""
    found = [path for path in tree.files if posixpath.basename(path) == role.file_name]
    return min(
        found, key=lambda path: (distance(parent(path), root), path), default=None
    )


def find_folder(
    tree: Tree, modules: Modules, role: Role, around: Collection[str]
) -> str | None:
    """Give the folder that fits a role best; "" is the tree's own top.

    Signs of a folder are `file:GLOB` and `holds:SIGN` for what lies directly in it,
    `folder:NAME`, and `setting:script_location` where Alembic's settings name it.
    Between equals the one nearest to any of the folders `around` is taken.
    """
    configured = set(_configured(tree)) if _is_configurable(role) else set()
    contents = _Contents(tree, modules)
    scores: dict[str, int] = {}
    for folder in contents.folders:
        score = sum(
            weight for sign, weight in role.weights() if contents.has(folder, sign)
        )
        if folder in configured:
            score += CONFIGURED
        if score >= ENOUGH:
            scores[folder] = score + _place(folder, role)
    best = max(
        scores,
        key=lambda folder: (scores[folder] - _away(folder, around), folder),
        default=None,
    )
    return None if best is None else _whole(best, role)


def _is_configurable(role: Role) -> bool:
    return any(sign == "setting:script_location" for sign, _ in role.weights())


def _place(folder: str, role: Role) -> int:
    if f"{folder}/".startswith(role.path):
        return AT_ITS_PLACE
    return NAMED if role.file_name in folder.split("/") else 0


def _away(folder: str, around: Collection[str]) -> int:
    return min(distance(folder, other) for other in around)


def _whole(folder: str, role: Role) -> str:
    """Give the outermost folder with the role's own name, as tests/ of tests/api/."""
    for outer in ancestors(folder):
        if posixpath.basename(outer) == role.file_name:
            return outer
    return folder


class _Contents:
    """What lies directly in each folder."""

    def __init__(self, tree: Tree, modules: Modules) -> None:
        self.folders = sorted(folders_of(tree.files))
        self._modules = modules
        self._files: dict[str, list[str]] = {folder: [] for folder in self.folders}
        for path in tree.files:
            self._files[parent(path)].append(path)

    def has(self, folder: str, sign: str) -> bool:
        """Tell whether a folder shows a sign."""
        kind, _, value = sign.partition(":")
        if kind == "folder":
            return join(folder, value) in self._files
        paths = self._files[folder]
        if kind == "file":
            return any(fnmatchcase(posixpath.basename(path), value) for path in paths)
        facts = self._modules.facts
        return kind == "holds" and any(
            path in facts and value in facts[path].signs for path in paths
        )


def _configured(tree: Tree) -> Iterator[str]:
    """Give the folders that Alembic's settings name, read as plain text."""
    for path in tree.files:
        if posixpath.basename(path) not in {"alembic.ini", "pyproject.toml"}:
            continue
        if len(tree.files[path]) > LARGEST_SETTINGS:
            continue
        match = SCRIPT_LOCATION.search(tree.text(path))
        if not match:
            continue
        named = match[1].strip().replace("\\", "/")
        # A package's folder may be written "package:folder".
        named = named.replace("%(here)s", ".").replace("%%", "%").replace(":", "/")
        folder = posixpath.normpath(posixpath.join(parent(path) or ".", named))
        yield "" if folder == "." else folder
