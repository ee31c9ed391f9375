"""Variants: right and wrong services, each kept as the files that differ."""

import tomllib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from grader.catalog import Course, Step
from grader.submission.tree import Tree

from .gaps import Gap, listed
from .settings import Settings

MANIFEST = "variant.toml"
KINDS: tuple["VariantKind", ...] = ("accepts", "rejects")
VariantKind = Literal["accepts", "rejects"]
FIELDS = {
    "accepts": frozenset({"about", "remove"}),
    "rejects": frozenset({"about", "remove", "pitfall", "fails"}),
}


@dataclass(frozen=True, slots=True)
class Variant:
    """One variant of the finished service, and what must come of it."""

    step: str
    kind: VariantKind
    name: str
    folder: Path
    about: str = ""
    pitfall: str = ""
    fails: tuple[str, ...] = ()
    """The checks that must fail; every other one passes or is skipped."""
    remove: tuple[str, ...] = ()
    problem: str = ""
    """Why its manifest cannot be used, if it cannot."""

    @property
    def label(self) -> str:
        """Name it for people."""
        return f"{self.step}/{self.kind}/{self.name}"

    def files(self) -> Tree:
        """Read the files that differ."""
        return Tree.read(self.folder).without(MANIFEST)

    def lay(self, finished: Tree) -> Tree:
        """Lay the variant over the finished service."""
        kept = finished.without(*self.remove) if self.remove else finished
        return kept.overlay(self.files())


def read_variants(course: Course) -> tuple[Variant, ...]:
    """Read every variant of a course, in the order of its steps."""
    return tuple(
        _variant(step, kind, folder)
        for step in course.steps
        for kind in KINDS
        for folder in sorted((step.folder / kind).glob("*"))
        if folder.is_dir() and folder.name != "__pycache__"
    )


def _variant(step: Step, kind: VariantKind, folder: Path) -> Variant:
    path = folder / MANIFEST
    try:
        facts = tomllib.loads(path.read_text("utf-8"))
        return _from_facts(step, kind, folder, facts)
    except (OSError, ValueError, TypeError) as error:
        problem = f"its {MANIFEST} cannot be used: {error}"
    return Variant(step.slug, kind, folder.name, folder, problem=problem)


def _from_facts(
    step: Step, kind: VariantKind, folder: Path, facts: dict[str, Any]
) -> Variant:
    unknown = sorted(set(facts) - FIELDS[kind])
    if unknown:
        raise ValueError(f"it may not hold {', '.join(unknown)}")
    return Variant(
        step=step.slug,
        kind=kind,
        name=folder.name,
        folder=folder,
        about=_text(facts, "about"),
        pitfall=_text(facts, "pitfall"),
        fails=_texts(facts, "fails"),
        remove=_texts(facts, "remove"),
    )


def _text(facts: dict[str, Any], name: str) -> str:
    value = facts.get(name, "")
    if not isinstance(value, str):
        raise TypeError(f"{name} must be a string")
    return value.strip()


def _texts(facts: dict[str, Any], name: str) -> tuple[str, ...]:
    value = facts.get(name, [])
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise TypeError(f"{name} must be a list of strings")
    return tuple(value)


def variant_gaps(
    variant: Variant, finished: Tree, checks: Collection[str], pitfalls: Collection[str]
) -> Iterator[Gap]:
    """Find what a variant's own folder gets wrong."""
    for told in _troubles(variant, finished, checks, pitfalls):
        yield Gap("variant", variant.label, f"{variant.label}: {told}.")


def _troubles(
    variant: Variant, finished: Tree, checks: Collection[str], pitfalls: Collection[str]
) -> Iterator[str]:
    if variant.problem:
        yield variant.problem
        return
    if not variant.about:
        yield f"{MANIFEST} does not say what it is about"
    if variant.kind == "rejects":
        yield from _reject_troubles(variant, checks, pitfalls)
    files = variant.files().files
    same = [path for path in files if finished.files.get(path) == files[path]]
    if same:
        yield f"{listed(same)} does not differ from the finished service"
    for path in variant.remove:
        if finished.without(path) == finished:
            yield f"it removes {path}, which the finished service does not have"
    if not files and not variant.remove:
        yield "it changes nothing"


def _reject_troubles(
    variant: Variant, checks: Collection[str], pitfalls: Collection[str]
) -> Iterator[str]:
    if variant.pitfall not in pitfalls:
        named = f'"{variant.pitfall}"' if variant.pitfall else "none"
        yield f"its pitfall ({named}) is not in the catalogue"
    if not variant.fails:
        yield "it names no check that must fail"
    unknown = [name for name in variant.fails if name not in checks]
    if unknown:
        yield f"there is no check {listed(unknown)}"


def count_gaps(
    variants: Collection[Variant],
    settings: Settings,
    checks: Collection[str],
    pitfalls: Collection[str],
) -> Iterator[Gap]:
    """Find what no variant proves: too few, or a pitfall or check without a reject."""
    rejects = [variant for variant in variants if variant.kind == "rejects"]
    if len(rejects) < settings.rejects:
        told = f"There are {len(rejects)} rejects; the course promises"
        yield Gap("rejects", "course", f"{told} {settings.rejects}.")
    for step in settings.steps:
        found = sum(1 for v in variants if v.kind == "accepts" and v.step == step)
        if found < settings.accepts:
            told = f"{step} has {found} accepts; each step needs {settings.accepts}."
            yield Gap("accepts", step, told)
    shown = {variant.pitfall for variant in rejects}
    for slug in sorted(set(pitfalls) - shown):
        yield Gap("pitfall-shown", slug, f"No reject shows the pitfall {slug}.")
    failed = {name for variant in rejects for name in variant.fails}
    for name in checks:
        if name not in failed:
            yield Gap("check-fails", name, f"No reject fails the check {name}.")
