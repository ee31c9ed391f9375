"""Find what would tell a student a hidden check's answer, or that it is there.

A value counts as given away when a title or hint of a hidden check shows a number or
a quoted word that the same check compares with, unless what students hold says it too.
"""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping

from grader.catalog import Course, Pitfall

from .collecting import Checks
from .gaps import Gap, listed
from .names import strings
from .settings import Settings

NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?!\w|\.\d)")
QUOTED = re.compile(r"[`\"“']([^\s`\"“”']{2,})[`\"”']")
WORD = re.compile(r"\w+(?:\.\w+)?")
TOO_COMMON = frozenset({"0", "1", "2"})
SHOWN_KEYWORDS = frozenset({"hint", "message", "pitfall", "doing", "evidence"})
TEXT_ENDINGS = frozenset({".md", ".py", ".toml", ".ini", ".mako", ".txt", ".ipynb"})
Function = ast.FunctionDef | ast.AsyncFunctionDef


def secrecy_gaps(course: Course, settings: Settings, checks: Checks) -> Iterator[Gap]:
    """Find what titles, hints and the kit tell of hidden checks."""
    kit = kit_texts(course, settings)
    yield from mention_gaps(checks, kit)
    told = values_in("\n".join(kit.values()))
    for step in (*course.steps, *course.practice):
        suite = step.suites().get("hidden")
        if suite is not None:
            source = suite.read_text("utf-8")
            yield from giveaway_gaps(step.slug, source, told, course.pitfalls)


def kit_texts(course: Course, settings: Settings) -> dict[str, str]:
    """Read what students receive: labs, notebooks and the visible suites."""
    found = {}
    notebooks = [course.notebooks.source] if course.notebooks else []
    for folder in (settings.labs, *notebooks):
        for path in sorted(folder.rglob("*")):
            if path.suffix in TEXT_ENDINGS and path.is_file():
                place = path.relative_to(folder.parent)
                found[str(place)] = path.read_text("utf-8", errors="replace")
    for step in course.steps:
        suite = step.suites().get("visible")
        if suite is not None:
            place = suite.relative_to(course.folder.parent)
            found[str(place)] = suite.read_text("utf-8")
    return found


def mention_gaps(checks: Checks, kit: Mapping[str, str]) -> Iterator[Gap]:
    """Find hidden checks that the kit names."""
    hidden = {c.id: c for c in checks.values() if c.visibility == "hidden"}
    functions = {f"test_{identity.partition('.')[2]}": identity for identity in hidden}
    for place, text in kit.items():
        words = set(WORD.findall(text)) | set(re.findall(r"\w+", text))
        for name in sorted(words & (functions.keys() | hidden.keys())):
            told = f"{place}, which students receive, mentions the hidden check {name}."
            yield Gap("kit", functions.get(name, name), told)
    for check in checks.values():
        for need in check.needs() if check.visibility == "visible" else ():
            if need in hidden:
                told = f"The visible check {check.id} comes after the hidden {need}."
                yield Gap("kit", need, told)


def giveaway_gaps(
    step: str, source: str, known: frozenset[str], pitfalls: Mapping[str, Pitfall]
) -> Iterator[Gap]:
    """Find values of a hidden suite that its titles and hints give away."""
    module = ast.parse(source)
    constants = _module_constants(module)
    for node in ast.walk(module):
        if not isinstance(node, Function):
            continue
        texts = _texts(node, pitfalls)
        compared = _compared(node, constants)
        for shown in texts:
            given = sorted((values_in(shown) & compared) - known - TOO_COMMON)
            if given:
                name = f"{step}.{node.name.removeprefix('test_')}"
                told = f'"{shown}" gives away {listed(given)}, which {name} expects.'
                yield Gap("secrecy", name, told)


def values_in(text: str) -> frozenset[str]:
    """Give the numbers and the quoted words of a text."""
    return frozenset(NUMBER.findall(text)) | frozenset(QUOTED.findall(text))


def _texts(function: Function, pitfalls: Mapping[str, Pitfall]) -> list[str]:
    found = [
        "".join(_literal_parts(keyword.value))
        for keyword in _keywords(function)
        if keyword.arg == "hint"
    ]
    named = sorted(strings(function) & pitfalls.keys())
    found += [pitfalls[slug].way_out for slug in named]
    if function.name.startswith("test_"):
        found.append(" ".join((ast.get_docstring(function) or "").split()))
    return [text for text in dict.fromkeys(found) if text]


def _keywords(function: Function) -> Iterator[ast.keyword]:
    return (node for node in ast.walk(function) if isinstance(node, ast.keyword))


def _literal_parts(node: ast.expr) -> Iterator[str]:
    for inner in ast.walk(node):
        if isinstance(inner, ast.Constant) and isinstance(inner.value, str):
            yield inner.value


def _compared(function: Function, constants: Mapping[str, ast.expr]) -> set[str]:
    """Give the values that a function's body works with, and shows to nobody."""
    found: set[str] = set()
    unread: dict[str, list[ast.AST]] = {name: [v] for name, v in constants.items()}
    pending: list[ast.AST] = list(function.body)
    while pending:
        node = pending.pop()
        if isinstance(node, ast.keyword) and node.arg in SHOWN_KEYWORDS:
            continue
        if isinstance(node, ast.Name):
            pending += unread.pop(node.id, [])
        found |= _value(node)
        pending += ast.iter_child_nodes(node)
    return found


def _value(node: ast.AST) -> set[str]:
    if not isinstance(node, ast.Constant) or isinstance(node.value, bool):
        return set()
    if isinstance(node.value, int | float):
        return {f"{node.value}"}
    is_word = isinstance(node.value, str) and not re.search(r"\s", node.value)
    return {str(node.value)} if is_word else set()


def _module_constants(module: ast.Module) -> dict[str, ast.expr]:
    return {
        target.id: node.value
        for node in module.body
        if isinstance(node, ast.Assign)
        for target in _names(node.targets)
    }


def _names(targets: Iterable[ast.expr]) -> Iterator[ast.Name]:
    return (target for target in targets if isinstance(target, ast.Name))
