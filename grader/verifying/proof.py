"""Prove a course: gather every gap, and what the proof stands on."""

import json
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from grader.catalog import Course

from .collecting import Checks, collect
from .diagnosis import Diagnosis, diagnose
from .gaps import Gap
from .jobs import Job, Selection, choose, list_jobs
from .judging import Run, judge
from .layers import layer_gaps
from .names import name_gaps
from .practice import Answers, practice_gaps, practice_jobs, read_answers
from .secrecy import secrecy_gaps
from .settings import Settings, read_settings
from .variants import Variant, count_gaps, read_variants, variant_gaps

SCHEMA_VERSION = 1


@dataclass(frozen=True, slots=True)
class Proof:
    """What was proved, and what was not."""

    gaps: tuple[Gap, ...]
    runs: tuple[Run, ...]
    checks: int
    pitfalls: int
    selection: Selection
    duration_s: float

    @property
    def diagnosis(self) -> Diagnosis:
        """Return what the variants were diagnosed as."""
        return diagnose(self.runs)

    @property
    def counts(self) -> dict[str, int]:
        """Count the jobs by kind."""
        return dict(Counter(run.job.kind for run in self.runs))

    def as_json(self) -> str:
        """Return the proof as JSON."""
        diagnosis = self.diagnosis
        plain = {
            "schema": SCHEMA_VERSION,
            "partial": self.selection.is_partial,
            "steps": list(self.selection.steps),
            "only": list(self.selection.only),
            "checks": self.checks,
            "pitfalls": self.pitfalls,
            "jobs": self.counts,
            "gaps": [gap.as_plain() for gap in self.gaps],
            "diagnosis": {
                "precision": diagnosis.precision,
                "recall": diagnosis.recall,
                "cells": [
                    {"expected": wanted, "diagnosed": named, "variants": count}
                    for (wanted, named), count in sorted(diagnosis.cells.items())
                ],
            },
            "runs": [_plain_run(run) for run in self.runs],
            "duration_s": self.duration_s,
        }
        return json.dumps(plain, indent=2) + "\n"


def _plain_run(run: Run) -> dict[str, Any]:
    return {
        "job": run.job.label,
        "failed": {check.id: check.pitfall for check in run.failed()},
        "fallen_short": [check.id for check in run.fallen_short(bonus=True)],
        "reused": list(run.reused),
        "problem": run.problem,
        "duration_s": run.duration_s,
    }


@dataclass(frozen=True, slots=True)
class Claims:
    """All that a course claims, read from its folders."""

    course: Course
    settings: Settings
    checks: Checks
    variants: tuple[Variant, ...]
    answers: tuple[Answers, ...] = ()
    """The variants of the notebooks."""
    selection: Selection = field(default_factory=Selection)

    @classmethod
    def read(cls, course: Course, selection: Selection) -> "Claims":
        """Read a course's claims.

        Raises:
            MisuseError: if the course names no layers.
            GraderFault: if a suite or a manifest cannot be used.
        """
        settings = read_settings(course)
        return cls(
            course,
            settings,
            collect(course),
            read_variants(course),
            read_answers(course),
            selection,
        )

    def jobs(self, seeds: int) -> list[Job]:
        """List what must be graded."""
        steps = self.selection.steps
        services = list_jobs(self.course, self.settings, self.variants, seeds, steps)
        notebooks = practice_jobs(self.course, self.answers)
        return choose([*services, *notebooks], self.selection)

    def gaps(self) -> Iterator[Gap]:
        """Find the gaps that show without grading anything."""
        yield from name_gaps(self.course, self.settings, self.checks)
        yield from layer_gaps(self.course, self.settings)
        finished, pitfalls = self.course.reference(), self.course.pitfalls
        for variant in self.variants:
            yield from variant_gaps(variant, finished, self.checks, pitfalls)
        slugs = {step.slug for step in self.course.steps}
        of_steps = {i: check for i, check in self.checks.items() if check.step in slugs}
        yield from count_gaps(self.variants, self.settings, of_steps, pitfalls)
        yield from practice_gaps(self.course, self.answers, self.checks)
        yield from secrecy_gaps(self.course, self.settings, self.checks)


def prove(
    claims: Claims, jobs: Sequence[Job], run: Callable[[Sequence[Job]], list[Run]]
) -> Proof:
    """Prove the claims; ``run`` grades the jobs, in any order."""
    started = time.monotonic()
    gaps = [gap for gap in claims.gaps() if claims.selection.keeps(gap)]
    place = {job.label: index for index, job in enumerate(jobs)}
    runs = sorted(run(jobs), key=lambda done: place[done.job.label])
    for done in runs:
        gaps += judge(done)
    return Proof(
        gaps=tuple(gaps),
        runs=tuple(runs),
        checks=len(claims.checks),
        pitfalls=len(claims.course.pitfalls),
        selection=claims.selection,
        duration_s=round(time.monotonic() - started, 1),
    )
