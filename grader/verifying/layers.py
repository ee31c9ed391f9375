"""Hold labs, solutions and checkpoints to each other: the layers mirror the steps."""

import ast
from collections.abc import Iterator
from pathlib import Path

from grader.catalog import Course, Step
from grader.submission.tree import Tree

from .gaps import Gap, listed
from .settings import Settings


def starter_folder(settings: Settings, step: Step) -> Path:
    """Return where a step's starter lies."""
    return settings.labs / step.folder.name / "starter"


def layer_gaps(course: Course, settings: Settings) -> Iterator[Gap]:
    """Find folders that do not mirror the steps, and starters that are not one."""
    steps = {step.folder.name for step in course.steps}
    baseline = {settings.baseline.name}
    yield from _mirror_gaps("labs", settings.labs, steps, baseline)
    notebooks = {course.notebooks.finished.name} if course.notebooks else set()
    yield from _mirror_gaps("solutions", settings.solutions, steps, notebooks)
    for step in course.steps:
        starter = starter_folder(settings, step)
        solution = settings.solutions / step.folder.name
        if not starter.is_dir():
            yield _gap(step, f"{step.slug} has no starter.")
        elif solution.is_dir():
            yield from starter_gaps(step, Tree.read(starter), Tree.read(solution))
    for slug, facts in settings.steps.items():
        if facts.chaffs is not None:
            yield from _chaff_gaps(course.step(slug), facts.chaffs, course.reference())


def _mirror_gaps(
    name: str, folder: Path, steps: set[str], beside: set[str]
) -> Iterator[Gap]:
    found = {path.name for path in folder.glob("*") if path.is_dir()}
    found -= beside | {"__pycache__"}
    for missing in sorted(steps - found):
        yield Gap("layers", missing, f"{name} has no folder {missing}.")
    for more in sorted(found - steps):
        yield Gap("layers", more, f"{name}/{more} belongs to no checkpoint.")


def starter_gaps(step: Step, starter: Tree, solution: Tree) -> Iterator[Gap]:
    """Find what makes a starter no fair beginning of its solution."""
    apart = set(starter.files) ^ set(solution.files)
    if apart:
        told = f"Only one of {step.slug}'s starter and solution holds"
        yield _gap(step, f"{told} {listed(sorted(apart))}.")
    mark = f"TODO({step.slug})".encode()
    plain = [path for path, text in starter.files.items() if text and mark not in text]
    if plain:
        told = f"There is no {mark.decode()} line in {step.slug}'s starter of"
        yield _gap(step, f"{told} {listed(plain)}.")
    left = [path for path, text in solution.files.items() if b"TODO(" in text]
    if left:
        yield _gap(step, f"{step.slug}'s solution still has a TODO: {listed(left)}.")
    broken = [path for path in starter.paths(".py") if not _parses(starter, path)]
    if broken:
        yield _gap(step, f"{step.slug}'s starter does not parse: {listed(broken)}.")


def _parses(tree: Tree, path: str) -> bool:
    try:
        ast.parse(tree.files[path], path)
    except (SyntaxError, ValueError):
        return False
    return True


def _chaff_gaps(step: Step, folder: Path, finished: Tree) -> Iterator[Gap]:
    """Find chaffs that are none; that each is caught is the step's own checks' work."""
    chaffs = [
        path for path in sorted(folder.glob("*")) if not path.stem.startswith("_")
    ]
    if not chaffs:
        yield Gap("chaffs", step.slug, f"{step.slug} has no chaff in {folder.name}/.")
    for chaff in chaffs:
        if chaff.is_dir() and _changes_nothing(Tree.read(chaff), finished):
            told = f"The chaff {chaff.name} of {step.slug} is the finished service."
            yield Gap("chaffs", step.slug, told)


def _changes_nothing(layer: Tree, finished: Tree) -> bool:
    return all(finished.files.get(path) == text for path, text in layer.files.items())


def _gap(step: Step, sentence: str) -> Gap:
    return Gap("layers", step.slug, sentence)
