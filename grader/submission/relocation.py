"""Lay the course's reference files where a submission keeps the same parts."""

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence

from .layout import Layout
from .roles import Role
from .tree import Tree

SHIM = '''"""Stand in for a module that the course keeps elsewhere."""

import sys

from {package} import {name} as _reference

sys.modules[__name__] = _reference
'''


def relocate(reference: Tree, roles: Sequence[Role], layout: Layout) -> Tree:
    """Give the reference's files the paths and package name of a submission.

    The package moves as a whole; a role that the submission keeps under another file
    name gets a module there that stands for the reference's own. In a submission of
    the course's own shape nothing changes.
    """
    canonical = next((role.path for role in roles if role.is_module), "")
    here = layout.locate(roles[0].name) if roles else None
    if not canonical or here is None:
        return reference
    package, target = posixpath.dirname(canonical), posixpath.dirname(here)
    root = layout.root
    name = posixpath.relpath(target, root or ".").replace("/", ".").strip(".")
    if package == target or not name:
        return _under(reference, root)
    rename = re.compile(rf"\b{re.escape(package)}\b(?!/)".encode())
    moved = {
        _moved(path, package, target, root): rename.sub(name.encode(), content)
        for path, content in reference.files.items()
    }
    return Tree(moved | dict(_shims(roles, layout, package, (target, name, moved))))


def _under(tree: Tree, root: str) -> Tree:
    if not root:
        return tree
    return Tree({f"{root}/{path}": content for path, content in tree.files.items()})


def _moved(path: str, package: str, target: str, root: str) -> str:
    if path.startswith(f"{package}/"):
        return f"{target}/{path[len(package) + 1 :]}".lstrip("/")
    return posixpath.join(root, path)


def _shims(
    roles: Sequence[Role],
    layout: Layout,
    package: str,
    moved: tuple[str, str, Mapping[str, bytes]],
) -> Iterator[tuple[str, bytes]]:
    target, name, files = moved
    for role in roles:
        theirs = layout.locate(role.name)
        ours = f"{target}/{role.path[len(package) + 1 :]}"
        stands_in = role.is_module and theirs is not None and theirs not in files
        if stands_in and theirs is not None and ours in files:
            text = SHIM.format(package=name, name=role.stem)
            yield theirs, text.encode()
