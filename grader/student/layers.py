"""The files that a course lays into a workspace: baseline, starters, solutions."""

from collections.abc import Mapping
from pathlib import Path

from grader.catalog import Course, Step
from grader.errors import MisuseError
from grader.submission.archive import read_archive
from grader.submission.intake import STANDARD_LIMITS
from grader.submission.notes import Notes
from grader.submission.tree import Tree

from .workspace import Workspace


def labs_folder(course: Course) -> Path:
    """Return where the labs lie.

    Raises:
        MisuseError: if the course has none.
    """
    if course.baseline is None or not course.baseline.is_dir():
        raise MisuseError(
            problem="This course has no labs to start.",
            next_step="Use the folder that your instructor handed out, whole.",
        )
    return course.baseline.parent


def starter(course: Course, step: Step) -> Tree:
    """Read the files that a step begins with."""
    folder = labs_folder(course) / step.folder.name / "starter"
    return Tree.read(folder) if folder.is_dir() else Tree({})


def beginning(course: Course, step: Step, workspace: Workspace) -> Tree:
    """Give what starting a step lays: its starter, on the baseline if there is none.

    Raises:
        MisuseError: if an earlier step was never begun here.
    """
    labs = labs_folder(course)
    baseline = Tree.read(labs / course.baseline.name) if course.baseline else Tree({})
    missing = [
        before.slug
        for before in course.steps[: course.steps.index(step)]
        if not _is_begun(starter(course, before), workspace)
    ]
    if missing:
        number = course.steps.index(step) + 1
        raise MisuseError(
            problem=f"Not begun here yet: {', '.join(missing)}.",
            next_step=(
                f"Start with {missing[0]}: grader start {missing[0]}\n"
                f"Or go on from right earlier steps: grader start --at {number}"
            ),
        )
    if _is_begun(baseline, workspace):
        return starter(course, step)
    return baseline.overlay(starter(course, step))


def _is_begun(layer: Tree, workspace: Workspace) -> bool:
    found = any((workspace.folder / path).is_file() for path in layer.files)
    return found or not layer.files


def catching_up(course: Course, step: Step, solutions: Path | None) -> Tree:
    """Lay the baseline, the solutions of the earlier steps, and a step's starter.

    Args:
        course: The course.
        step: The step to go on with.
        solutions: A folder or zip of solutions, where the course itself has none.

    Raises:
        MisuseError: if a solution that it takes is nowhere.
    """
    labs_folder(course)
    upto = course.steps.index(step)
    layers = _solutions(course, solutions)
    missing = [s.slug for s in course.steps[:upto] if not layers[s.slug].files]
    if missing:
        raise MisuseError(
            problem=f"There is no solution here of {', '.join(missing)}.",
            next_step=(
                "Ask your instructor for the solutions of the steps before "
                f'"{step.slug}" (a folder or a zip), and give them:\n'
                f"grader start --at {upto + 1} --solutions solutions.zip"
            ),
        )
    tree = course.reference(0)
    for before in course.steps[:upto]:
        tree = tree.overlay(layers[before.slug])
    return tree.overlay(starter(course, step))


def _solutions(course: Course, given: Path | None) -> dict[str, Tree]:
    if given is None:
        own = course.solutions
        return {
            step.slug: Tree.read(own[step.slug]) if step.slug in own else Tree({})
            for step in course.steps
        }
    if given.is_file():
        tree = Tree(read_archive(given, STANDARD_LIMITS, (), Notes()))
    else:
        tree = Tree.read(given)
    return {step.slug: _below(tree, step.folder.name) for step in course.steps}


def _below(tree: Tree, name: str) -> Tree:
    """Find a folder by its name, at most one folder deep."""
    starts = {path.partition("/")[0] for path in tree.files}
    for place in (name, *(f"{start}/{name}" for start in sorted(starts))):
        if (found := tree.under(place)).files:
            return found
    return Tree({})


def handed_out(course: Course) -> Mapping[str, set[bytes]]:
    """Map each path to what the course hands out there: nobody's own work.

    A solution is none of that: somebody may have worked it out.
    """
    known: dict[str, set[bytes]] = {}
    layers = [course.reference(0), *(starter(course, step) for step in course.steps)]
    for layer in layers:
        for path, content in layer.files.items():
            known.setdefault(path, set()).add(plain(content))
    return known


def plain(content: bytes) -> bytes:
    """Give a file's content with plain newlines, as git may not keep them."""
    return content.replace(b"\r\n", b"\n")


def todos(course: Course, step: Step, workspace: Workspace) -> tuple[str, ...]:
    """List the places of a step's files that are still marked as to be done."""
    mark = f"TODO({step.slug})"
    return tuple(
        f"{path}:{number}"
        for path in starter(course, step).files
        for number, line in enumerate(_lines(workspace.folder / path), 1)
        if mark in line
    )


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text("utf-8", errors="replace").splitlines()
    except OSError:
        return []
