"""Prove the checks of notebooks, by right and wrong answers to their cells.

A variant is one file, ``notebooks/{accepts,rejects}/NAME.toml`` beside the suite: the
answers that differ from the finished notebook's, and what must come of them.
"""

import json
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from grader.catalog import Course, Notebooks, Practice
from grader.errors import GraderFault
from grader.submission.notebook import read_cells

from .collecting import Checks
from .gaps import Gap, listed
from .jobs import Job
from .variants import KINDS, VariantKind


@dataclass(frozen=True, slots=True)
class Answers:
    """One variant of a finished notebook."""

    kind: VariantKind
    practice: Practice
    name: str
    about: str = ""
    pitfall: str = ""
    """The named mistake; empty where the check names none."""
    fails: tuple[str, ...] = ()
    answers: dict[str, str] = field(default_factory=dict)
    """Answer cell to another text."""
    missing: bool = False
    """Whether the notebook is not handed in at all."""

    @property
    def label(self) -> str:
        """Name it for people."""
        return f"{self.practice.slug}/{self.kind}/{self.name}"


def read_answers(course: Course) -> tuple[Answers, ...]:
    """Read every variant of every notebook.

    Raises:
        GraderFault: if a file cannot be used.
    """
    known = {practice.slug: practice for practice in course.practice}
    folders = dict.fromkeys(practice.folder for practice in course.practice)
    return tuple(
        _read(path, kind, known)
        for folder in folders
        for kind in KINDS
        for path in sorted((folder / kind).glob("*.toml"))
    )


def _read(path: Path, kind: VariantKind, known: dict[str, Practice]) -> Answers:
    try:
        facts = tomllib.loads(path.read_text("utf-8"))
        practice = known[facts.pop("notebook")]
        fails = tuple(f"{practice.slug}.{name}" for name in facts.pop("fails", ()))
        return Answers(kind, practice, path.stem, fails=fails, **facts)
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise GraderFault(
            problem=f"{path.parent.name}/{path.name} cannot be used: {error!r}.",
            next_step="docs/verify.md shows what it may hold.",
        ) from error


def practice_jobs(course: Course, variants: tuple[Answers, ...]) -> Iterator[Job]:
    """List what must be graded: finished notebooks, blank ones, variants."""
    if course.notebooks is None:
        return
    service = dict(course.reference().files)
    for practice in course.practice:
        slug = practice.slug
        finished = (course.notebooks.finished / f"{slug}.ipynb").read_bytes()
        for kind, content in (
            ("solutions", finished),
            ("starter", course.notebooks.read(slug)),
        ):
            files = {**service, f"notebooks/{slug}.ipynb": content}
            yield Job(kind, slug, slug, files, (slug,))  # type: ignore[arg-type]
    for variant in variants:
        slug = variant.practice.slug
        files = {**service, **_files(course.notebooks, variant)}
        yield Job(
            kind=variant.kind,
            step=slug,
            name=variant.name,
            files=files,
            grades=(slug,),
            pitfall=variant.pitfall,
            fails=variant.fails,
        )


def _files(notebooks: Notebooks, variant: Answers) -> dict[str, bytes]:
    if variant.missing:
        return {}
    name = f"{variant.practice.slug}.ipynb"
    notebook = json.loads((notebooks.finished / name).read_bytes())
    for cell in notebook["cells"]:
        cell["source"] = variant.answers.get(cell["id"], cell["source"])
    return {f"notebooks/{name}": json.dumps(notebook).encode()}


def practice_gaps(
    course: Course, variants: tuple[Answers, ...], checks: Checks
) -> Iterator[Gap]:
    """Find variants that say nothing, and checks of notebooks that no reject fails."""
    if course.notebooks is None:
        return
    for variant in variants:
        for told in _troubles(course.notebooks, variant, checks):
            yield Gap("variant", variant.label, f"{variant.label}: {told}.")
    failed = {name for v in variants if v.kind == "rejects" for name in v.fails}
    slugs = {practice.slug for practice in course.practice}
    for name, check in checks.items():
        if check.step in slugs and name not in failed:
            yield Gap("check-fails", name, f"No reject fails the check {name}.")


def _troubles(notebooks: Notebooks, variant: Answers, checks: Checks) -> Iterator[str]:
    finished = {
        cell.name: cell.source
        for cell in read_cells(
            (notebooks.finished / f"{variant.practice.slug}.ipynb").read_bytes()
        )
        if cell.is_answer
    }
    if not variant.about:
        yield "it does not say what it is about"
    if not variant.answers and not variant.missing:
        yield "it changes nothing"
    unknown = [name for name in variant.answers if name not in finished]
    if unknown:
        yield f"there is no answer cell {listed(unknown)}"
    same = [n for n, text in variant.answers.items() if finished.get(n) == text.strip()]
    if same:
        yield f"{listed(same)} does not differ from the finished notebook"
    if variant.kind == "rejects" and not variant.fails:
        yield "it names no check that must fail"
    unchecked = [name for name in variant.fails if name not in checks]
    if unchecked:
        yield f"there is no check {listed(unchecked)}"
