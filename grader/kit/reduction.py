"""Reduce a module to what others ask of it, so that the rest stays with the author.

Names decide. What a kept part mentions is kept too: as a name, an attribute, a
parameter, which is how fixtures are asked for, or a text, which is how probes are.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeGuard

Import = ast.Import | ast.ImportFrom
Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
CUT = "\0"
WORD = re.compile(r"[A-Za-z_]\w*")
LONGEST_LINE = 88


@dataclass(frozen=True, slots=True)
class Part:
    """What is kept or left out as a whole: a function, a class without its methods."""

    node: ast.stmt
    names: frozenset[str]
    """What it defines; nothing for a statement that always stays."""
    mentions: frozenset[str]
    inside: ast.ClassDef | None = None

    def stays(self, wanted: set[str], kept: set[ast.stmt]) -> bool:
        """Say whether what is wanted includes this part."""
        if self.inside is not None and self.inside not in kept:
            return False
        is_special = any(name.startswith("__") for name in self.names)
        return not self.names or is_special or bool(self.names & wanted)


def mentioned(source: str) -> frozenset[str]:
    """List every word by which a module may ask for something."""
    return _mentions(ast.parse(source))


def reduce_module(source: str, wanted: Iterable[str]) -> str:
    """Leave out of a module what neither the words nor its kept parts mention."""
    module = ast.parse(source)
    parts = list(_parts(module))
    words, kept = set(wanted), set[ast.stmt]()
    while True:
        fresh = [
            part for part in parts if part.node not in kept and part.stays(words, kept)
        ]
        if not fresh:
            break
        for part in fresh:
            kept.add(part.node)
            words |= part.mentions
    lines = source.splitlines()
    for part in parts:
        if part.node not in kept:
            _blank(lines, part.node)
    return _without_unused_imports("\n".join(line for line in lines if line != CUT))


def _parts(module: ast.Module) -> Iterator[Part]:
    for node in module.body:
        yield _part(node)
        if isinstance(node, ast.ClassDef):
            yield from (_part(one, node) for one in node.body if _is_definition(one))


def _part(node: ast.stmt, inside: ast.ClassDef | None = None) -> Part:
    mentions: set[str] = set()
    for top in _own_nodes(node):
        mentions |= _mentions(top)
    if isinstance(node, ast.Import | ast.ImportFrom) or _is_for_types(node):
        mentions = set()  # what is imported is not thereby used
    return Part(node, frozenset(_defined(node)), frozenset(mentions), inside)


def _own_nodes(node: ast.stmt) -> list[ast.AST]:
    """Give a statement, of a class all but its methods: they are parts of their own."""
    if not isinstance(node, ast.ClassDef):
        return [node]
    body = [inner for inner in node.body if not _is_definition(inner)]
    return [*node.bases, *node.keywords, *node.decorator_list, *body]


def _defined(node: ast.stmt) -> list[str]:
    if _is_definition(node):
        return [] if _is_always_used(node) else [node.name]
    if isinstance(node, ast.Assign):
        return [target.id for target in node.targets if isinstance(target, ast.Name)]
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return [node.target.id]
    return []


def _is_always_used(node: Definition) -> bool:
    """Say whether pytest calls a function without being asked: a hook, a fixture."""
    automatic = any("autouse=True" in ast.unparse(one) for one in node.decorator_list)
    return automatic or node.name.startswith("pytest_")


def _is_definition(node: ast.stmt) -> TypeGuard[Definition]:
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)


def _mentions(tree: ast.AST) -> frozenset[str]:
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.Attribute):
            found.add(node.attr)
        elif isinstance(node, ast.arg):
            found.add(node.arg)
        elif isinstance(node, ast.alias):
            found.add(node.name.rpartition(".")[2])
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found |= _words(node.value)
    return frozenset(found)


def _words(text: str) -> set[str]:
    """Give the words of a text that may be names: one, or an annotation's."""
    return set() if " " in text.strip() and "[" not in text else {*WORD.findall(text)}


def _blank(lines: list[str], node: ast.stmt) -> None:
    """Cut a statement, with its comments and the empty lines above it."""
    decorators = node.decorator_list if _is_definition(node) else []
    first = min([node.lineno, *(one.lineno for one in decorators)]) - 1
    while first and lines[first - 1].lstrip().startswith("#"):
        first -= 1
    while first and lines[first - 1] in {"", CUT}:
        first -= 1
    for index in range(first, node.end_lineno or node.lineno):
        lines[index] = CUT


def _is_for_types(node: ast.stmt) -> TypeGuard[ast.If]:
    return isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"


def _without_unused_imports(source: str) -> str:
    module = ast.parse(source)
    imports = [node for node in module.body if _is_import(node)]
    for_types = [node for node in module.body if _is_for_types(node)]
    used = {"TYPE_CHECKING"} if for_types else set[str]()
    for node in module.body:
        if node not in imports and node not in for_types:
            used |= _mentions(node)
    lines = source.splitlines()
    for block in for_types:
        inner = [node for node in block.body if _is_import(node)]
        names = {_bound(one) for node in inner for one in node.names}
        if names.isdisjoint(used) and len(inner) == len(block.body):
            _cut(lines, block)
            used.discard("TYPE_CHECKING")
        else:
            imports += inner
    for node in sorted(imports, key=lambda node: -node.lineno):
        aliases = [one for one in node.names if _bound(one) in used]
        if not aliases:
            _cut(lines, node)
        elif len(aliases) < len(node.names):
            node.names = aliases
            _replace(lines, node, _rendered(node))
    return "\n".join(line for line in lines if line != CUT).rstrip("\n") + "\n"


def _is_import(node: ast.stmt) -> TypeGuard[Import]:
    return isinstance(node, ast.Import | ast.ImportFrom)


def _bound(alias: ast.alias) -> str:
    return alias.asname or alias.name.partition(".")[0]


def _cut(lines: list[str], node: ast.stmt) -> None:
    """Cut a statement, and the empty line above it if one follows."""
    end = node.end_lineno or node.lineno
    follows = next((line for line in lines[end:] if line != CUT), "")
    above = node.lineno - 2
    first = above if not follows and not lines[above] else above + 1
    lines[first:end] = [CUT] * (end - first)


def _replace(lines: list[str], node: ast.stmt, rendered: list[str]) -> None:
    """Put other lines, as few or fewer, in the place of a statement."""
    first, end = node.lineno - 1, node.end_lineno or node.lineno
    indent = " " * node.col_offset
    shown = [indent + line for line in rendered]
    lines[first:end] = shown + [CUT] * (end - first - len(shown))


def _rendered(node: Import) -> list[str]:
    line = ast.unparse(node)
    if len(line) + node.col_offset <= LONGEST_LINE or isinstance(node, ast.Import):
        return [line]
    names = [f"    {ast.unparse(one)}," for one in node.names]
    return [f"{line.partition(' import ')[0]} import (", *names, ")"]
