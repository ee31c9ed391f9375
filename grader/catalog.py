"""A course as data: its steps, roles, pitfalls and reference layers."""

import difflib
import hashlib
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Self

from .errors import GraderFault, MisuseError
from .submission.layout import Role
from .submission.tree import Tree

DEFAULT_COURSE = Path(__file__).parent.parent / "checkpoints"
# Variants prove the checks; the other tells what happens after grading.
DECIDES_NO_GRADE = {"accepts", "rejects", "clinics.toml"}
SUITES = {"visible": "test_visible.py", "hidden": "test_hidden.py"}


@dataclass(frozen=True, slots=True)
class Pitfall:
    """A named mistake."""

    slug: str
    diagnosis: str
    """One sentence in the student's words."""
    why: str
    """Why it happens."""
    see: str
    """How to see it yourself."""
    way_out: str
    """The hint."""
    handout: str
    """The section of the handout that it belongs to."""
    criterion: str
    """The criterion that it costs."""


@dataclass(frozen=True, slots=True)
class Part:
    """A lab: a stretch of class in which steps are worked on."""

    name: str
    title: str
    minutes: int
    pause: int = 0
    """The minutes of the break after it."""


@dataclass(frozen=True, slots=True)
class Step:
    """A lab step and its checkpoint."""

    slug: str
    folder: Path
    title: str
    points: float
    criterion: str
    part: str = ""
    """The lab that it belongs to."""
    minutes: tuple[int, int] | None = None
    """When in the lab it begins and ends."""
    own: tuple[str, ...] = ()
    """The roles whose files belong to this step."""
    kinds: tuple[str, ...] = tuple(SUITES)
    """The suites to run, where there are such."""

    @property
    def window(self) -> str:
        """Say when in the labs it is worked on."""
        if self.minutes is None:
            return ""
        begins, ends = self.minutes
        return f"Part {self.part}, minutes {begins}-{ends}"

    def only(self, kind: str) -> "Step":
        """Return the step with its suites of one kind."""
        return replace(self, kinds=(kind,))

    def suites(self) -> dict[str, Path]:
        """Map each visibility to its suite, where there is one."""
        found = {kind: self.folder / SUITES[kind] for kind in self.kinds}
        return {kind: path for kind, path in found.items() if path.is_file()}


@dataclass(frozen=True, slots=True)
class Practice(Step):
    """The graded cells of one notebook: they belong to a step, beside its points."""

    step: str = ""

    def suites(self) -> dict[str, Path]:
        """Map each visibility to its suite: students never have this one."""
        return {"hidden": self.folder / f"test_{self.slug}.py"}

    @property
    def probes(self) -> Path:
        """Return the functions that its suite asks the notebook's kernel to call."""
        return self.folder / f"probes_{self.slug}.py"


@dataclass(frozen=True, slots=True)
class Notebooks:
    """Where a course keeps its notebooks, and what running them needs."""

    source: Path
    """With blank answer cells."""
    finished: Path
    """The same, with answers."""
    libraries: tuple[str, ...]
    """What the stage imports before the first one runs."""

    def read(self, name: str) -> bytes:
        """Read one of the course's notebooks as students receive it.

        Raises:
            GraderFault: if a manifest names one that is not there.
        """
        path = self.source / f"{name}.ipynb"
        if not path.is_file():
            raise _wrong(path, "there is no such notebook")
        return path.read_bytes()


@dataclass(frozen=True, slots=True)
class Course:
    """All that the engine knows of what it grades."""

    folder: Path
    steps: tuple[Step, ...]
    criteria: tuple[str, ...]
    roles: tuple[Role, ...]
    pitfalls: Mapping[str, Pitfall]
    leave_out: tuple[str, ...] = ()
    service: tuple[str, ...] = ()
    """The roles any of which makes a folder a service."""
    libraries: tuple[str, ...] = ()
    """What the stage imports once."""
    rehearsal: str = ""
    """A program that warms those libraries up."""
    environment: Mapping[str, str] = field(default_factory=dict)
    baseline: Path | None = None
    solutions: Mapping[str, Path] = field(default_factory=dict)
    """Step to the folder of its solution, in the order of the steps."""
    visible_only: bool = False
    """Whether this is a kit's course, whose hidden suites are somewhere else."""
    parts: tuple[Part, ...] = ()
    """The labs, in their order."""
    notebooks: Notebooks | None = None
    practice: tuple[Practice, ...] = ()
    """The graded notebooks, in the order of their steps."""

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read a course from its checkpoint folder.

        Raises:
            MisuseError: if the folder holds no step.
            GraderFault: if a manifest is wrong.
        """
        folder = folder.resolve()
        manifests = sorted(folder.glob("*/checkpoint.toml"))
        if not manifests:
            raise MisuseError(
                problem=f"{folder} holds no checkpoints.",
                next_step="Point --checkpoints at a folder of NN_step/checkpoint.toml.",
            )
        course = _read(folder / "course.toml")
        steps = tuple(_step(manifest) for manifest in manifests)
        stage = course.get("stage", {})
        rehearsal = folder / stage.get("rehearsal", "rehearsal.py")
        layers = course.get("layers", {})
        return cls(
            folder=folder,
            steps=steps,
            criteria=tuple(dict.fromkeys(step.criterion for step in steps)),
            roles=_roles(course),
            pitfalls=_pitfalls(folder),
            leave_out=tuple(course.get("submission", {}).get("leave_out", ())),
            service=tuple(course.get("submission", {}).get("service", ())),
            libraries=tuple(stage.get("libraries", ())),
            rehearsal=rehearsal.read_text("utf-8") if rehearsal.is_file() else "",
            environment=dict(course.get("environment", {})),
            baseline=_beside(folder, layers.get("baseline")),
            solutions=_solutions(_beside(folder, layers.get("solutions")), steps),
            visible_only=bool(course.get("kit", {}).get("visible_only", False)),
            parts=_parts(course),
            notebooks=_notebooks(folder, course.get("notebooks", {})),
            practice=tuple(p for step in steps for p in _practice(step)),
        )

    def step(self, slug: str) -> Step:
        """Return a step by its slug.

        Raises:
            MisuseError: if there is none, with the nearest that there is.
        """
        for step in (*self.steps, *self.practice):
            if step.slug == slug:
                return step
        names = [step.slug for step in self.steps]
        notebooks = [practice.slug for practice in self.practice]
        near = difflib.get_close_matches(slug, [*names, *notebooks], 1)
        guess = f'Did you mean "{near[0]}"? ' if near else ""
        raise MisuseError(
            problem=f'There is no step "{slug}".',
            next_step=f"{guess}The steps are {', '.join(names)}.",
        )

    def reference(self, upto: int | None = None) -> Tree:
        """Lay the baseline and the solutions of the first ``upto`` steps (or all)."""
        tree = Tree.read(self.baseline) if self.baseline else Tree({})
        for step in self.steps[:upto]:
            if step.slug in self.solutions:
                tree = tree.overlay(Tree.read(self.solutions[step.slug]))
        return tree

    @property
    def digest(self) -> str:
        """Digest everything in the checkpoint folder that decides a grade."""
        seen = hashlib.sha256()
        for path in sorted(self.folder.rglob("*")):
            if DECIDES_NO_GRADE & set(path.relative_to(self.folder).parts):
                continue
            if path.suffix in {".py", ".toml"} and path.is_file():
                seen.update(str(path.relative_to(self.folder)).encode() + b"\0")
                seen.update(path.read_bytes() + b"\0")
        if self.notebooks is not None:  # the cells around the answers decide too
            for practice in self.practice:
                seen.update(self.notebooks.read(practice.slug) + b"\0")
        return f"sha256:{seen.hexdigest()}"


def _read(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _wrong(path, str(error)) from error


def _wrong(path: Path, problem: str) -> GraderFault:
    shown = f"{path.parent.name}/{path.name}"
    return GraderFault(
        problem=f"{shown} cannot be used: {problem}.",
        next_step="Correct the manifest; docs/checkpoints.md shows one.",
    )


def _step(manifest: Path) -> Step:
    facts = _read(manifest)
    slug = manifest.parent.name.partition("_")[2] or manifest.parent.name
    try:
        return Step(
            slug=slug,
            folder=manifest.parent,
            title=str(facts["title"]),
            points=float(facts["points"]),
            criterion=str(facts.get("criterion", slug)),
            part=str(facts.get("part", "")),
            minutes=_minutes(facts.get("minutes")),
            own=tuple(facts.get("own", ())),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise _wrong(manifest, f"it needs a title and points ({error!r})") from error


def _minutes(value: Any) -> tuple[int, int] | None:
    if value is None:
        return None
    begins, ends = map(int, value)
    if not 0 <= begins < ends:
        raise ValueError("minutes must be two, the later one last")
    return begins, ends


def _parts(course: Mapping[str, Any]) -> tuple[Part, ...]:
    return tuple(
        Part(
            name=str(entry["name"]),
            title=str(entry.get("title", "")),
            minutes=int(entry["minutes"]),
            pause=int(entry.get("pause", 0)),
        )
        for entry in course.get("parts", ())
    )


def _notebooks(folder: Path, facts: Mapping[str, Any]) -> Notebooks | None:
    source, finished = (
        _beside(folder, facts.get(kind)) for kind in ("source", "finished")
    )
    if source is None or finished is None:
        return None
    return Notebooks(source, finished, tuple(facts.get("libraries", ())))


def _practice(step: Step) -> Iterator[Practice]:
    """Give the graded notebooks that a step's manifest names."""
    manifest = step.folder / "checkpoint.toml"
    for facts in _read(manifest).get("notebooks", ()):
        try:
            yield Practice(
                slug=str(facts["name"]),
                folder=step.folder / "notebooks",
                title=str(facts["title"]),
                points=float(facts["points"]),
                criterion=step.criterion,
                step=step.slug,
            )
        except (KeyError, TypeError, ValueError) as error:
            told = f"a notebook needs a name, a title and points ({error!r})"
            raise _wrong(manifest, told) from error


def _roles(course: Mapping[str, Any]) -> tuple[Role, ...]:
    return tuple(
        Role(entry["name"], entry["path"], tuple(entry.get("signs", ())))
        for entry in course.get("roles", ())
    )


def _pitfalls(folder: Path) -> dict[str, Pitfall]:
    """Read the pitfalls beside the course and beside each checkpoint."""
    found: dict[str, Pitfall] = {}
    beside = [*folder.glob("pitfalls.toml"), *folder.glob("*/pitfalls.toml")]
    for path in sorted(beside):
        for slug, facts in _read(path).items():
            if slug in found:
                raise _wrong(path, f"the pitfall {slug} is there twice")
            try:
                found[slug] = Pitfall(slug, **facts)
            except TypeError as error:
                raise _wrong(path, str(error)) from error
    return found


def _beside(folder: Path, place: str | None) -> Path | None:
    return (folder / place).resolve() if place else None


def _solutions(folder: Path | None, steps: tuple[Step, ...]) -> dict[str, Path]:
    if folder is None:
        return {}
    found = {step.slug: folder / step.folder.name for step in steps}
    return {slug: path for slug, path in found.items() if path.is_dir()}
