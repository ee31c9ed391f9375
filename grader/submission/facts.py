"""What a module defines and imports, read from its syntax and never by running it."""

import ast
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from grader.submission.notes import shown

LARGEST_SOURCE = 400_000
MOST_SOURCE = 3_000_000
MOST_SIGNS = 5000
MOST_IMPORTS = 300
# Parsing hostile source can fail in all of these ways.
PARSE_ERRORS = (SyntaxError, ValueError, RecursionError, MemoryError, LookupError)


@dataclass(frozen=True, slots=True)
class ModuleFacts:
    """The signs by which a module is recognised."""

    signs: frozenset[str] = frozenset()
    imports: frozenset[str] = frozenset()  # absolute dotted modules
    links: frozenset[str] = frozenset()  # all that may be a module, ".db" if relative
    level: int = 0  # how many packages up its relative imports reach
    error: str | None = None  # why the source could not be read


def parse_all(sources: Iterable[str | bytes]) -> Iterator[ast.Module | None]:
    """Parse modules; give None where one is no Python, or all are too much."""
    budget = MOST_SOURCE
    for source in sources:
        fits = len(source) <= min(LARGEST_SOURCE, budget)
        budget -= len(source) if fits else 0
        yield _parse(source) if fits else None


def _parse(source: str | bytes) -> ast.Module | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about the student's escapes
            return ast.parse(source)
    except PARSE_ERRORS:
        return None


@lru_cache(maxsize=512)
def module_facts(source: bytes) -> ModuleFacts:
    """Read a module's signs, such as `class:Movie` or `call:FastAPI`."""
    if len(source) > LARGEST_SOURCE:
        return ModuleFacts(error=f"larger than {LARGEST_SOURCE // 1000} kB")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about the student's escapes
            module = ast.parse(source)
    except PARSE_ERRORS as error:
        return ModuleFacts(error=_explain(error))
    signs: set[str] = set()
    imported: list[ast.Import | ast.ImportFrom] = []
    for node in ast.walk(module):
        if len(signs) + len(imported) > MOST_SIGNS:
            break
        signs.update(_anywhere(node))
        if isinstance(node, ast.Import | ast.ImportFrom):
            imported.append(node)
    for statement in _module_level(module.body):
        signs.update(_at_module_level(statement))
    imports = _bounded(name for node in imported for name in _imports(node))
    signs.update(f"import:{name}" for name in imports)
    signs.update(f"import:{name.partition('.')[0]}" for name in imports)
    return ModuleFacts(
        signs=frozenset(signs),
        imports=imports,
        links=_bounded(name for node in imported for name in _links(node)),
        level=max((getattr(node, "level", 0) for node in imported), default=0),
    )


def _bounded(names: Iterable[str]) -> frozenset[str]:
    return frozenset(islice(dict.fromkeys(names), MOST_IMPORTS))


def _explain(error: BaseException) -> str:
    if isinstance(error, SyntaxError):
        return f"{shown(error.msg)}, line {error.lineno or 1}"
    if isinstance(error, RecursionError | MemoryError):
        return "nested too deeply"
    return shown(str(error)) or type(error).__name__


def _imports(node: ast.Import | ast.ImportFrom) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif node.module and not node.level:
        yield node.module


def _links(node: ast.Import | ast.ImportFrom) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from _imports(node)
        return
    module = "." * node.level + (node.module or "")
    yield module
    joint = "" if module.endswith(".") else "."
    for alias in node.names:
        yield f"{module}{joint}{alias.name}"


def _anywhere(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Call):
        name = _last_name(node.func)
        if name:
            yield f"call:{name}"
    elif isinstance(node, ast.ClassDef):
        yield from _of_class(node)
    elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        if node.name.startswith("test_"):
            yield "tests"
        for decorator in node.decorator_list:
            called = decorator.func if isinstance(decorator, ast.Call) else decorator
            name = _last_name(called)
            if name:
                yield f"decorator:{name}"


def _of_class(node: ast.ClassDef) -> Iterator[str]:
    yield f"class:{node.name}"
    for parent in node.bases:
        name = _last_name(parent)
        if name:
            yield f"base:{name}"
    for keyword in node.keywords:
        if keyword.arg and isinstance(keyword.value, ast.Constant):
            yield f"keyword:{keyword.arg}={str(keyword.value.value)[:40]}"
    for statement in node.body:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"method:{statement.name}"
        for name in _targets(statement):
            yield f"attribute:{name}"


def _module_level(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Give the statements of a module, also those under `if`, `try` and `with`."""
    waiting = list(reversed(body))
    while waiting:
        statement = waiting.pop()
        yield statement
        if isinstance(statement, ast.If | ast.Try | ast.With):
            for part in ("body", "handlers", "orelse", "finalbody"):
                for inner in getattr(statement, part, []):
                    is_handler = isinstance(inner, ast.ExceptHandler)
                    waiting.extend(inner.body if is_handler else [inner])


def _at_module_level(statement: ast.stmt) -> Iterator[str]:
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
        yield f"def:{statement.name}"
        yield f"binds:{statement.name}"
    elif isinstance(statement, ast.ClassDef):
        yield f"binds:{statement.name}"
    elif isinstance(statement, ast.Import | ast.ImportFrom):
        for alias in statement.names:
            yield f"binds:{alias.asname or alias.name}"
    for name in _targets(statement):
        yield f"assign:{name}"
        yield f"binds:{name}"


def _targets(statement: ast.stmt) -> Iterator[str]:
    if isinstance(statement, ast.Assign):
        for target in statement.targets:
            if isinstance(target, ast.Name):
                yield target.id
    elif isinstance(statement, ast.AnnAssign) and isinstance(
        statement.target, ast.Name
    ):
        yield statement.target.id


def _last_name(node: ast.AST) -> str | None:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return node.attr
    return None
