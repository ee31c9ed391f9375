"""Read what a course's manifest says about its kit."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from grader.catalog import Course
from grader.errors import MisuseError


@dataclass(frozen=True, slots=True)
class KitSettings:
    """The ``[kit]`` table of course.toml."""

    root: Path
    """The repository that the course lies in."""
    labs: Path
    template: Path
    """Files that a kit holds as they are."""
    name: str
    """The folder that a zip unpacks to."""
    carries: tuple[str, ...]
    """Files and folders of the repository that a kit holds as they are there."""


def read_kit_settings(course: Course) -> KitSettings:
    """Read how the kit of a course is made.

    Raises:
        MisuseError: if no kit can be made of this course.
    """
    if course.visible_only:
        raise MisuseError(
            problem="This is a kit: it was made with `grader kit`.",
            next_step="Kits are made in the instructor's repository.",
        )
    manifest = course.folder / "course.toml"
    facts = tomllib.loads(manifest.read_text("utf-8")) if manifest.is_file() else {}
    settings, layers = facts.get("kit", {}), facts.get("layers", {})
    if "template" not in settings or course.baseline is None:
        raise MisuseError(
            problem=f"{course.folder.name}/course.toml does not say what a kit holds.",
            next_step="Add a [kit] table and [layers]; docs/checkpoints.md shows them.",
        )
    labs = layers.get("labs")
    return KitSettings(
        root=course.folder.parent,
        labs=(course.folder / labs).resolve() if labs else course.baseline.parent,
        template=(course.folder / settings["template"]).resolve(),
        name=str(settings.get("name", "kit")),
        carries=tuple(map(str, settings.get("carries", ()))),
    )
