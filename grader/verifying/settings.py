"""Read what a course's manifests say about how it is to be proved."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from grader.catalog import Course, Step
from grader.errors import GraderFault, MisuseError

MOST_REJECTS_ASKED = 40
ACCEPTS_A_STEP = 2


@dataclass(frozen=True, slots=True)
class StepSettings:
    """The ``[verify]`` table of one checkpoint.toml."""

    inputs: tuple[str, ...] = ()
    """Roles and globs whose files alone decide the step; empty if all files do."""
    ignores: tuple[str, ...] = ()
    """Roles and globs whose files never matter to the step."""
    chaffs: Path | None = None
    """The folder of wrong services that the suite holds the submission's tests to."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The ``[verify]`` table of course.toml, and those of its steps."""

    rejects: int
    """How many rejects the course promises in all."""
    accepts: int
    """How many accepts it promises for each step."""
    baseline: Path
    solutions: Path
    labs: Path
    steps: Mapping[str, StepSettings] = field(default_factory=dict)


def read_settings(course: Course) -> Settings:
    """Read how a course is to be proved.

    Raises:
        MisuseError: if the course names no layers to prove it with.
        GraderFault: if a ``[verify]`` table is wrong.
    """
    if course.visible_only:
        raise MisuseError(
            problem="This is a kit: it holds nothing to prove the course with.",
            next_step="`grader check` is what you want here.",
        )
    facts = _read(course.folder / "course.toml")
    layers, wanted = facts.get("layers", {}), facts.get("verify", {})
    if course.baseline is None or "solutions" not in layers:
        raise MisuseError(
            problem=f"{course.folder} names no layers to prove it with.",
            next_step="Add baseline and solutions to [layers] in its course.toml.",
        )
    labs = layers.get("labs")
    try:
        return Settings(
            rejects=int(wanted.get("rejects", MOST_REJECTS_ASKED)),
            accepts=int(wanted.get("accepts", ACCEPTS_A_STEP)),
            baseline=course.baseline,
            solutions=(course.folder / layers["solutions"]).resolve(),
            labs=(course.folder / labs).resolve() if labs else course.baseline.parent,
            steps={step.slug: read_step_settings(step) for step in course.steps},
        )
    except (TypeError, ValueError) as error:
        raise GraderFault(
            problem=f"A [verify] table cannot be used: {error}.",
            next_step="docs/verify.md shows what it may hold.",
        ) from error


def read_step_settings(step: Step) -> StepSettings:
    """Read what decides a step, and what holds its suite to its promise."""
    wanted = _read(step.folder / "checkpoint.toml").get("verify", {})
    chaffs = wanted.get("chaffs")
    return StepSettings(
        inputs=_names(step, wanted.get("inputs", [])),
        ignores=_names(step, wanted.get("ignores", [])),
        chaffs=step.folder / str(chaffs) if chaffs else None,
    )


def is_at(path: str, places: Iterable[str]) -> bool:
    """Say whether a path is one of the places, lies in one, or matches its glob."""
    return any(
        (place.endswith("/") and path.startswith(place)) or fnmatchcase(path, place)
        for place in places
    )


def _names(step: Step, value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise TypeError(f"{step.slug} must list what it takes in or ignores")
    return tuple(map(str, value))


def _read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text("utf-8")) if path.is_file() else {}
