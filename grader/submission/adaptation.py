"""Let a reference answer to the names that a submission's tests know."""

import ast
import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from .facts import module_facts, parse_all
from .relocation import stands_for
from .tree import Tree

DOTTED = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)+")
LONGEST = 200
MOST_PARTS = 20


@dataclass(frozen=True, slots=True)
class Asked:
    """A name that some module is expected to have."""

    module: str
    name: str


@dataclass(frozen=True, slots=True)
class Aliases:
    """What other names the reference's own go by."""

    names: Mapping[str, str]
    """Name to ``module:name``, the module by its last part."""
    patterns: Mapping[str, str]
    """Regular expression over a whole name to the same."""

    def find(self, name: str) -> str | None:
        """Return what a name means, as ``module:name``."""
        if name in self.names:
            return self.names[name]
        for pattern, meaning in self.patterns.items():
            if re.fullmatch(pattern, name):
                return meaning
        return None


def asked_names(tree: Tree, paths: Iterable[str], root: str) -> set[Asked]:
    """List what modules import from others, or name in a string to be patched."""
    found: set[Asked] = set()
    known = list(paths)
    modules = parse_all(tree.files[path] for path in known)
    for path, module in zip(known, modules, strict=True):
        if module is None:
            continue
        within = posixpath.relpath(path, root or ".").split("/")
        found.update(_asked(module, within[:-1]))
    return found


def _asked(module: ast.Module, package: list[str]) -> Iterator[Asked]:
    nodes = list(ast.walk(module))
    imported = [_imported(node, package) for node in nodes]
    modules: dict[str, str] = {}
    for names in imported:
        for bound, asked in names:
            modules[bound] = ".".join(filter(None, (asked.module, asked.name)))
            if asked.name:
                yield asked
    for node in nodes:
        if isinstance(node, ast.Constant):
            yield from _named(node.value)
        elif isinstance(node, ast.Attribute):
            owner = modules.get(_dotted(node.value))
            if owner is not None:
                yield Asked(owner, node.attr)


def _imported(node: ast.AST, package: list[str]) -> list[tuple[str, Asked]]:
    """List what a statement binds, and to what; a whole module has no name."""
    if isinstance(node, ast.ImportFrom):
        base = _absolute(node, package)
        return [(one.asname or one.name, Asked(base, one.name)) for one in node.names]
    if isinstance(node, ast.Import):
        return [(one.asname or one.name, Asked(one.name, "")) for one in node.names]
    return []


def _dotted(node: ast.expr) -> str:
    """Spell a name with its attributes; nothing for any other expression."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute) and len(parts) < MOST_PARTS:
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else ""


def _named(value: object) -> Iterator[Asked]:
    """Take a string such as "app.db.engine" for a name that is asked for."""
    if isinstance(value, str) and len(value) <= LONGEST and DOTTED.fullmatch(value):
        module, _, name = value.rpartition(".")
        yield Asked(module, name)


def _absolute(node: ast.ImportFrom, package: list[str]) -> str:
    base = package[: len(package) - node.level + 1] if node.level else []
    return ".".join([*base, *([node.module] if node.module else [])])


class Adaptation:
    """A relocated reference that is given more names, one after the other."""

    def __init__(
        self, reference: Tree, package: str, root: str, aliases: Aliases
    ) -> None:
        self._files = dict(reference.files)
        self._package = package
        self._root = root
        self._aliases = aliases

    def supply(self, asked: Iterable[Asked]) -> Tree:
        """Give the reference every name that can be given a meaning."""
        strange: dict[str, list[Asked]] = {}
        for one in sorted(asked, key=lambda one: (one.module, one.name)):
            path = self._path(one.module)
            if path is None:
                strange.setdefault(one.module, []).append(one)
            else:
                self._add(path, one)
        for module, names in strange.items():
            self._stand_in(module, names)
        return Tree(self._files)

    def _path(self, module: str) -> str | None:
        """Give the reference's file for a module, through a shim if there is one."""
        stem = posixpath.join(self._root, module.replace(".", "/"))
        for path in (f"{stem}.py", f"{stem}/__init__.py"):
            if path in self._files:
                real = stands_for(self._files[path])
                return self._path(real) if real else path
        return None

    def _add(self, path: str, asked: Asked) -> None:
        is_module = self._path(f"{asked.module}.{asked.name}") is not None
        bound = module_facts(self._files[path]).signs
        if is_module or f"binds:{asked.name}" in bound:
            return
        found = self._meaning(asked.name)
        if found is None or (self._path(found[0]) == path and found[1] == asked.name):
            return
        line = f"\nfrom {found[0]} import {found[1]} as {asked.name}  # noqa: E402\n"
        self._files[path] += line.encode()

    def _stand_in(self, module: str, names: list[Asked]) -> None:
        """Write a module that the reference has not, if all of it has a meaning."""
        top = self._package.partition(".")[0]
        within = self._path(module.rpartition(".")[0])
        if within is not None and not within.endswith("/__init__.py"):
            return  # an attribute of something in a module, and no module itself
        meanings = [(one.name, self._meaning(one.name)) for one in names]
        if module.partition(".")[0] != top or not all(found for _, found in meanings):
            return
        lines = ['"""Stand in for a module that the course has not."""', ""]
        lines += [
            f"from {found[0]} import {found[1]} as {name}"
            for name, found in meanings
            if found is not None
        ]
        path = f"{posixpath.join(self._root, module.replace('.', '/'))}.py"
        self._files[path] = "\n".join([*lines, ""]).encode()

    def _meaning(self, name: str) -> tuple[str, str] | None:
        """Return the reference's module and name that a name means."""
        meaning = self._aliases.find(name)
        if meaning is not None:
            stem, _, real = meaning.partition(":")
            return f"{self._package}.{stem}", real
        return None
