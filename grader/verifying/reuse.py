"""Tell which steps a variant cannot change, so that they need no second run."""

from collections.abc import Iterable

from grader.bench import Opened
from grader.submission.layout import Layout

from .settings import Settings, StepSettings, is_at


def unchanged_steps(
    settings: Settings, finished: Opened, variant: Opened
) -> tuple[str, ...]:
    """Return the steps that no difference from the finished service can reach."""
    if _places(finished.layout) != _places(variant.layout):
        return ()
    return tuple(
        slug
        for slug, facts in settings.steps.items()
        if (facts.inputs or facts.ignores)
        and _deciding(finished, facts) == _deciding(variant, facts)
    )


def _places(layout: Layout) -> tuple[object, ...]:
    return layout.root, dict(layout.paths), dict(layout.modules)


def _deciding(opened: Opened, facts: StepSettings) -> dict[str, bytes]:
    return {
        path: content
        for path, content in opened.tree.files.items()
        if (not facts.inputs or _belongs(opened, path, facts.inputs))
        and not _belongs(opened, path, facts.ignores)
    }


def _belongs(opened: Opened, path: str, names: Iterable[str]) -> bool:
    return is_at(path, (opened.layout.locate(name) or name for name in names))
