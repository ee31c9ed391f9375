"""Lay the course's reference files where a submission keeps the same parts."""

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from .layout import Layout
from .roles import Role
from .tree import Tree

SHIM = '''"""Stand in for a module that the course keeps elsewhere."""

import runpy
import sys
from importlib import import_module
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[{depth}]))
    runpy.run_module("{name}", run_name="__main__")
else:
    _reference = import_module("{name}")
    if "__path__" in globals():
        _reference.__path__ = __path__
    sys.modules[__name__] = _reference
'''
STANDS_FOR = re.compile(r'^    _reference = import_module\("([\w.]+)"\)$', re.MULTILINE)
RELATIVE = re.compile(rb"^(\s*from )\.(?=[\w ])", re.MULTILINE)
SETTING = re.compile(rb"^(script_location\s*=\s*).*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Move:
    """Where the reference's package and its other folders go."""

    package: str
    target: str
    """The package's folder in the submission, from the top of the tree."""
    name: str
    """The package's dotted name there."""
    root: str
    elsewhere: Mapping[str, str]
    """What lies beside the package, by the place where the submission keeps it."""
    folders: frozenset[str]
    """Folders that hold a part of the submission, so no module may be in their way."""

    def path(self, path: str) -> str:
        """Give the new place of one of the reference's files."""
        for canonical, theirs in self.elsewhere.items():
            if path == canonical or path.startswith(f"{canonical}/"):
                return theirs + path[len(canonical) :]
        if not path.startswith(f"{self.package}/"):
            return posixpath.join(self.root, path)
        moved = posixpath.join(self.target, path[len(self.package) + 1 :])
        stem = moved.removesuffix(".py")
        return f"{stem}/__init__.py" if stem in self.folders else moved

    def content(self, path: str, content: bytes) -> bytes:
        """Give a file's content with the new names in it."""
        if self.name != self.package:
            old = rf"\b{re.escape(self.package)}\b(?!/)".encode()
            content = re.sub(old, self.name.encode(), content)
        new = self.path(path)
        if new.endswith("/__init__.py") and not path.endswith("/__init__.py"):
            content = RELATIVE.sub(rb"\1..", content)  # it lies one folder deeper now
        if path.endswith(".ini") and self.elsewhere:
            content = SETTING.sub(rb"\1" + self._script_location(new), content)
        return content

    def _script_location(self, ini: str) -> bytes:
        folder = next((to for to in self.elsewhere.values() if to != ini), "migrations")
        relative = posixpath.relpath(folder, posixpath.dirname(ini) or ".")
        return f"%(here)s/{relative}".encode()

    def dotted(self, role: Role) -> str:
        """Give the dotted name of the reference's module for a role."""
        inside = posixpath.relpath(role.path, self.package).removesuffix(".py")
        return f"{self.name}.{inside.replace('/', '.')}"


def relocate(reference: Tree, roles: Sequence[Role], layout: Layout) -> Tree:
    """Give the reference's files the paths and package name of a submission.

    The package moves as a whole; a role that the submission keeps under another file
    name gets a module there that stands for the reference's own, so that a class or
    function is the same object by whatever name it is imported. In a submission of the
    course's own shape nothing changes.
    """
    move = _move(roles, layout)
    if move is None:
        return _under(reference, layout.root)
    moved = {
        move.path(path): move.content(path, content)
        for path, content in reference.files.items()
    }
    for place, text in _shims(roles, layout, move, moved):
        moved.setdefault(place, text)
    return Tree(moved)


def package_name(roles: Sequence[Role], layout: Layout) -> str:
    """Return the dotted name that the reference's package has in a submission."""
    move = _move(roles, layout)
    modules = [role for role in roles if role.is_module]
    own = posixpath.dirname(modules[0].path) if modules else ""
    return own.replace("/", ".") if move is None else move.name


def _move(roles: Sequence[Role], layout: Layout) -> Move | None:
    modules = [role for role in roles if role.is_module]
    here = layout.locate(modules[0].name) if modules else None
    package = posixpath.dirname(modules[0].path) if modules else ""
    if here is None or not package:
        return None
    root, target = layout.root, posixpath.dirname(here)
    inside = posixpath.relpath(target or ".", root or ".")
    if not all(part.isidentifier() for part in inside.split("/")):
        # Their modules lie loose in the root, so ours keep a package of their own.
        inside, target = package, posixpath.join(root, package)
    found = [place for role in modules if (place := layout.locate(role.name))]
    return Move(
        package=package,
        target=target,
        name=inside.replace("/", "."),
        root=root,
        elsewhere=_elsewhere(roles, layout, package),
        folders=frozenset(map(posixpath.dirname, found)) - {target},
    )


def _elsewhere(
    roles: Sequence[Role], layout: Layout, package: str
) -> Mapping[str, str]:
    """Map what lies outside the package to where the submission keeps it."""
    found = {}
    for role in roles:
        theirs = layout.locate(role.name)
        if role.is_module or theirs is None or role.path.startswith(f"{package}/"):
            continue
        canonical, place = role.path.rstrip("/"), theirs.rstrip("/")
        if place not in (".", posixpath.join(layout.root, canonical)):
            found[canonical] = place
    return found


def _under(tree: Tree, root: str) -> Tree:
    if not root:
        return tree
    return Tree({f"{root}/{path}": content for path, content in tree.files.items()})


def _shims(
    roles: Sequence[Role], layout: Layout, move: Move, moved: Mapping[str, bytes]
) -> Iterator[tuple[str, bytes]]:
    for role in roles:
        theirs = layout.locate(role.name)
        if role.is_module and theirs is not None and move.path(role.path) in moved:
            yield theirs, shim(theirs, move.dotted(role), layout.root)


def shim(place: str, name: str, root: str) -> bytes:
    """Write a module that stands for the one called ``name``."""
    depth = posixpath.relpath(place, root or ".").count("/")
    return SHIM.format(name=name, depth=depth).encode()


def stands_for(source: bytes) -> str | None:
    """Return the dotted name of the module that a shim stands for."""
    match = STANDS_FOR.search(source.decode("utf-8", "replace"))
    return match[1] if match else None
