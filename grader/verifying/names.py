"""Hold a course's names and numbers to each other: pure rules over its manifests."""

import ast
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from grader.catalog import Course, Step
from grader.plugin import Expected
from grader.scoring import PRECISION

from .collecting import Checks
from .gaps import Gap, listed
from .settings import Settings

NOT_THE_COURSE = frozenset({"accepts", "rejects", "chaffs", "wheats", "__pycache__"})


def name_gaps(course: Course, settings: Settings, checks: Checks) -> Iterator[Gap]:
    """Find names and points that do not fit together."""
    for step in (*course.steps, *course.practice):
        mine = [check for check in checks.values() if check.step == step.slug]
        yield from _point_gaps(step, mine)
        yield from _title_gaps(step, mine)
    for step in course.steps:
        yield from _role_gaps(course, step, settings)
    yield from _prerequisite_gaps(checks)
    yield from _criterion_gaps(course, checks)
    yield from pitfall_gaps(course.pitfalls, named_in(course.folder))


def _point_gaps(step: Step, checks: Iterable[Expected]) -> Iterator[Gap]:
    found = sum(check.facts.points for check in checks if not check.facts.bonus)
    if round(found - step.points, PRECISION):
        told = f"The checks of {step.slug} are worth {found:g} points"
        yield Gap("points", step.slug, f"{told}, its manifest says {step.points:g}.")


def _title_gaps(step: Step, checks: Iterable[Expected]) -> Iterator[Gap]:
    counted = Counter(check.facts.title for check in checks)
    for title, times in counted.items():
        if times > 1:
            told = f'{times} checks of {step.slug} have the title "{title}".'
            yield Gap("titles", step.slug, told)
    if not step.title.strip():
        yield Gap("titles", step.slug, f"{step.slug} has no title.")


def _role_gaps(course: Course, step: Step, settings: Settings) -> Iterator[Gap]:
    known = {role.name for role in course.roles}
    facts = settings.steps[step.slug]
    said = [name for name in (*facts.inputs, *facts.ignores) if _is_role(name)]
    unknown = [name for name in (*step.own, *said) if name not in known]
    if unknown:
        told = f"{step.slug} names roles that the course has not: {listed(unknown)}."
        yield Gap("roles", step.slug, told)


def _is_role(name: str) -> bool:
    return name.isidentifier()


def _prerequisite_gaps(checks: Checks) -> Iterator[Gap]:
    order = {identity: place for place, identity in enumerate(checks)}
    for identity, check in checks.items():
        for need in check.needs():
            told = ""
            if need not in order:
                told = f"{identity} comes after {need}, which is no check."
            elif order[need] >= order[identity]:
                told = f"{identity} comes after {need}, which runs only later."
            if told:
                yield Gap("prerequisites", identity, told)


def _criterion_gaps(course: Course, checks: Checks) -> Iterator[Gap]:
    core = {check.step for check in checks.values() if check.facts.core}
    for criterion in course.criteria:
        steps = [step.slug for step in course.steps if step.criterion == criterion]
        if not core & set(steps):
            told = (
                f"The criterion {criterion} has no core check, so nobody can meet it."
            )
            yield Gap("criteria", criterion, told)
    for slug, pitfall in course.pitfalls.items():
        if pitfall.criterion not in course.criteria:
            told = (
                f"The pitfall {slug} costs {pitfall.criterion}, which is no criterion."
            )
            yield Gap("criteria", slug, told)


@dataclass(frozen=True, slots=True)
class Named:
    """The strings by which suites may name pitfalls."""

    surely: Mapping[str, str]
    """What is given as ``pitfall=``, and the file that does so."""
    perhaps: frozenset[str]
    """Every string constant of the suites and their modules."""


def named_in(folder: Path) -> Named:
    """Read the pitfalls that the modules of a checkpoint folder name."""
    surely: dict[str, str] = {}
    perhaps: set[str] = set()
    for path in sorted(folder.rglob("*.py")):
        place = path.relative_to(folder)
        if NOT_THE_COURSE & set(place.parts):
            continue
        module = ast.parse(path.read_bytes(), str(path))
        for node in ast.walk(module):
            if isinstance(node, ast.keyword) and node.arg == "pitfall":
                surely |= dict.fromkeys(_results(node.value), str(place))
        perhaps |= strings(module)
    return Named(surely, frozenset(perhaps))


def _results(node: ast.expr) -> Iterator[str]:
    """Give the constants that an expression may come to, not those it asks about."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _results(node.body)
        yield from _results(node.orelse)
    elif isinstance(node, ast.BoolOp):
        for value in node.values:
            yield from _results(value)


def strings(node: ast.AST) -> set[str]:
    """Give every string constant below a node."""
    return {
        inner.value
        for inner in ast.walk(node)
        if isinstance(inner, ast.Constant) and isinstance(inner.value, str)
    }


def pitfall_gaps(catalogue: Mapping[str, object], named: Named) -> Iterator[Gap]:
    """Find pitfalls that are named and unknown, or known and never named."""
    for slug, place in named.surely.items():
        if slug not in catalogue:
            told = f"{place} names the pitfall {slug}, which no pitfalls.toml has."
            yield Gap("pitfall-known", slug, told)
    for slug in catalogue:
        if slug not in named.perhaps:
            yield Gap("pitfall-used", slug, f"No suite names the pitfall {slug}.")
