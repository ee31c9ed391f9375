"""A submission's own tests: where they are, and how a run of them went."""

import ast
import posixpath
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from grader.sandbox.observation import Json, Observation
from grader.submission.facts import parse_all
from grader.submission.layout import Layout
from grader.submission.tree import Tree

MOST_TESTS = 2_000
TESTS = "tests"


@dataclass(frozen=True, slots=True)
class OwnTest:
    """How one of the submission's tests went."""

    name: str
    outcome: str
    """passed | failed | error | skipped | xfailed."""
    error: str = ""
    """The type of what it raised."""
    text: str = ""
    phase: str = ""
    """setup | call | teardown, where it did not pass."""
    duration_s: float = 0.0

    @property
    def passed(self) -> bool:
        """Say whether it ran and was green."""
        return self.outcome == "passed"

    @property
    def noticed(self) -> bool:
        """Say whether it was red before it was torn down."""
        return self.outcome in ("failed", "error") and self.phase in ("setup", "call")


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a submission's tests, as far as its process tells."""

    observation: Observation
    tests: Mapping[str, OwnTest]
    collection_errors: tuple[str, ...] = ()
    overrides_left: int = 0

    @property
    def green(self) -> frozenset[str]:
        """Return the tests that passed."""
        return frozenset(name for name, test in self.tests.items() if test.passed)

    @property
    def red(self) -> list[OwnTest]:
        """Return the tests that failed, in their order."""
        bad = ("failed", "error")
        return [test for test in self.tests.values() if test.outcome in bad]

    @property
    def duration_s(self) -> float:
        """Return the wall time that the run took."""
        return self.observation.duration_s


def decode_run(observation: Observation) -> Run:
    """Decode what ``Project.run_tests`` observed; drop whatever is malformed."""
    value = observation.value if observation.succeeded else None
    facts = value if isinstance(value, dict) else {}
    listed = facts.get("tests")
    rows = listed[:MOST_TESTS] if isinstance(listed, list) else []
    tests = [_result(row) for row in rows if isinstance(row, dict)]
    errors = facts.get("collection_errors")
    left = facts.get("overrides_left")
    return Run(
        observation,
        {test.name: test for test in tests if "::" in test.name},
        tuple(map(str, errors[:5])) if isinstance(errors, list) else (),
        left if type(left) is int else 0,
    )


def _result(row: Mapping[str, Json]) -> OwnTest:
    def text(name: str) -> str:
        value = row.get(name)
        return value[:2_000] if isinstance(value, str) else ""

    duration = row.get("duration_s")
    return OwnTest(
        name=text("name"),
        outcome=text("outcome"),
        error=text("error"),
        text=text("text"),
        phase=text("phase"),
        duration_s=float(duration) if isinstance(duration, int | float) else 0.0,
    )


@dataclass(frozen=True, slots=True)
class OwnModule:
    """One of the submission's test modules, as its syntax shows it."""

    path: str
    functions: Mapping[str, str]
    """Test function to its source."""


def read_tests(tree: Tree, layout: Layout) -> list[OwnModule]:
    """Read the modules in the submission's folder of tests."""
    return list(_read(tree, layout))


def _read(tree: Tree, layout: Layout) -> Iterator[OwnModule]:
    paths = find_tests(tree, layout)
    sources = {path: tree.text(path) for path in paths}
    modules = parse_all(sources.values())
    for (path, source), module in zip(sources.items(), modules, strict=True):
        lines = source.split("\n")
        found = ast.walk(module) if module is not None else iter(())
        functions = {
            node.name: "\n".join(lines[node.lineno - 1 : node.end_lineno])
            for node in islice(filter(_is_test, found), MOST_TESTS)
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        }
        yield OwnModule(path, functions)


def _is_test(node: ast.AST) -> bool:
    is_function = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    return is_function and str(getattr(node, "name", "")).startswith("test")


def find_tests(tree: Tree, layout: Layout) -> list[str]:
    """List the Python files of the submission's folder of tests."""
    folder = layout.locate(TESTS)
    if folder is None:
        return []
    inside = "" if folder in (".", "./") else folder
    found = [path for path in tree.paths(".py") if path.startswith(inside)]
    if not inside:  # loose in the top folder: only what pytest would look at
        found = [path for path in found if _is_test_name(posixpath.basename(path))]
    return found


def _is_test_name(name: str) -> bool:
    return name.startswith(("test", "conftest")) or name.endswith("_test.py")


def likeliness(
    modules: Sequence[OwnModule], names: Sequence[str], words: Sequence[str]
) -> dict[str, int]:
    """Count how many of the words are in each test: twice those in its name."""
    sources = {
        (posixpath.basename(module.path), function): source.lower()
        for module in modules
        for function, source in module.functions.items()
    }

    def count(name: str) -> int:
        path, _, rest = name.partition("::")
        function = rest.rpartition("::")[2].partition("[")[0]
        source = sources.get((posixpath.basename(path), function), "")
        return sum((word in source) + (word in function) for word in words)

    return {name: count(name) for name in names}
