"""List what must be graded to prove a course: one job for each claim."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Literal

from grader.catalog import Course
from grader.errors import MisuseError
from grader.submission.tree import Tree

from .gaps import Gap
from .layers import starter_folder
from .settings import Settings
from .variants import Variant

Kind = Literal["finished", "solutions", "starter", "accepts", "rejects"]


@dataclass(frozen=True, slots=True)
class Job:
    """One tree of files to grade, and what it is meant to show."""

    kind: Kind
    step: str
    """The step that it is about."""
    name: str
    files: dict[str, bytes] = field(repr=False)
    grades: tuple[str, ...]
    """The steps to grade."""
    seed: int = 0
    pitfall: str = ""
    fails: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """Name it for people."""
        if self.kind == "finished":
            return f"finished/{self.name}"
        return f"{self.step}/{self.kind}/{self.name}"

    @property
    def is_variant(self) -> bool:
        """Say whether steps that it cannot change need no second proof."""
        return self.kind in {"accepts", "rejects"}


@dataclass(frozen=True, slots=True)
class Selection:
    """What part of a course to prove; all of it if empty."""

    steps: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    """Globs over the names or labels of jobs."""

    @property
    def is_partial(self) -> bool:
        """Say whether something is left out."""
        return bool(self.steps or self.only)

    def takes(self, job: Job) -> bool:
        """Say whether a job is part of it."""
        of_step = not self.steps or job.step in self.steps or job.kind == "finished"
        named = not self.only or any(self._names(job.label))
        return named and of_step

    def keeps(self, gap: Gap) -> bool:
        """Say whether a gap is about it."""
        if self.only:
            return any(self._names(gap.subject))
        return not self.steps or re.split("[./]", gap.subject)[0] in self.steps

    def _names(self, label: str) -> Iterator[bool]:
        name = label.rpartition("/")[2]
        return (fnmatchcase(name, o) or fnmatchcase(label, o) for o in self.only)


def list_jobs(
    course: Course,
    settings: Settings,
    variants: Sequence[Variant],
    seeds: int,
    steps: Sequence[str],
) -> Iterator[Job]:
    """List the jobs, those that take longest first.

    Args:
        course: What to prove.
        settings: How it is to be proved.
        variants: Its variants.
        seeds: How many seeds the finished service is graded under.
        steps: The steps that it is graded on; all of them if empty.

    Raises:
        MisuseError: if a step does not exist.
    """
    for slug in steps:
        course.step(slug)
    yield from _finished(course, seeds, steps)
    yield from _workspaces(course, settings)
    yield from _variants(course, variants)


def choose(found: Iterable[Job], selection: Selection) -> list[Job]:
    """Keep the jobs of a selection.

    Raises:
        MisuseError: if nothing is selected.
    """
    jobs = [job for job in found if selection.takes(job)]
    if not jobs:
        raise MisuseError(
            problem=f"Nothing is called {', '.join(selection.only)}.",
            next_step="Name a variant, like forgets_commit, or a glob over names.",
        )
    return jobs


def _finished(course: Course, seeds: int, only: Sequence[str]) -> Iterator[Job]:
    slugs = tuple(s.slug for s in course.steps if not only or s.slug in only)
    if not slugs:  # only notebooks are asked for
        return
    files = dict(course.reference().files)
    for seed in range(seeds):
        yield Job("finished", slugs[-1], f"seed-{seed}", files, slugs, seed=seed)


def _workspaces(course: Course, settings: Settings) -> Iterator[Job]:
    for index, step in reversed(list(enumerate(course.steps))):
        upto = tuple(each.slug for each in course.steps[: index + 1])
        if index + 1 < len(course.steps):  # all of them are the finished service
            files = dict(course.reference(index + 1).files)
            yield Job("solutions", step.slug, f"1-{index + 1}", files, upto)
        starter = starter_folder(settings, step)
        if starter.is_dir():
            tree = course.reference(index).overlay(Tree.read(starter))
            yield Job("starter", step.slug, step.slug, dict(tree.files), upto)


def _variants(course: Course, variants: Sequence[Variant]) -> Iterator[Job]:
    finished = course.reference()
    slugs = tuple(step.slug for step in course.steps)
    for variant in variants:
        if variant.problem:
            continue  # it is a gap by itself
        yield Job(
            kind=variant.kind,
            step=variant.step,
            name=variant.name,
            files=dict(variant.lay(finished).files),
            grades=slugs,
            pitfall=variant.pitfall,
            fails=variant.fails,
        )
