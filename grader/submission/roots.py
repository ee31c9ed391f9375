"""Choosing the folder that a service is meant to be started and imported from."""

from collections.abc import Iterable

from grader.submission.modules import (
    Modules,
    ancestors,
    folders_of,
    is_migration,
    join,
    parent,
)

PROJECT_FILES = ("pyproject.toml", "alembic.ini", "requirements.txt", "README.md")
MOST_ROOTS = 8
PROJECT_FOLDERS = ("tests", "migrations", "alembic", "notebooks")

Rank = tuple[int, int, int, int, int, int, int]


def choose_root(
    modules: Modules,
    paths: Iterable[str],
    service: frozenset[str],
    center: str,
    usual: frozenset[str],
) -> str:
    """Give the folder from which the imports of a service resolve best.

    Args:
        modules: Every module of the tree.
        paths: Every path of the tree.
        service: The modules that the service consists of.
        center: The module that it is started by.
        usual: Where the course has such modules, seen from the root.
    """
    chooser = _Chooser(modules, frozenset(paths), service, center, usual)
    candidates = [
        root for root in ancestors(parent(center)) if dotted(center, root) is not None
    ][:MOST_ROOTS]
    return max(candidates, key=chooser.rank, default=parent(center))


def dotted(path: str, root: str) -> str | None:
    """Give a module's name as imported from a root, or None where it has none."""
    if root and not path.startswith(f"{root}/"):
        return None
    inner = path[len(root) + 1 :] if root else path
    parts = inner.removesuffix(".py").removesuffix("/__init__").split("/")
    return ".".join(parts) if all(part.isidentifier() for part in parts) else None


class _Chooser:
    """Rank the folders around a service."""

    def __init__(
        self,
        modules: Modules,
        files: frozenset[str],
        service: frozenset[str],
        center: str,
        usual: frozenset[str],
    ) -> None:
        self._modules = modules
        self._files = files
        self._folders = folders_of(files)
        self._service = service
        self._center = center
        self._usual = {dotted(path, "") for path in usual}

    def rank(self, root: str) -> Rank:
        """Rank a root: rules first, then imports, then what lies in it."""
        depth = root.count("/") + bool(root)
        around = self._modules.facts.keys() - self._service
        return (
            -sum(self._breaks(path, depth) for path in self._service),
            self._resolved(self._service, root),
            self._resolved(around, root),
            int(dotted(self._center, root) in self._usual),
            self._markers(root),
            int(root == self._package_root()),
            -depth,
        )

    def _breaks(self, path: str, depth: int) -> bool:
        """Tell whether a relative import would climb above the top package."""
        packages = path.count("/") - depth
        return self._modules.facts[path].level > packages

    def _resolved(self, paths: Iterable[str], root: str) -> int:
        return sum(
            self._resolves(name, root)
            for path in paths
            for name in self._modules.facts[path].imports
        )

    def _resolves(self, name: str, root: str) -> bool:
        stem = join(root, name.replace(".", "/"))
        if f"{stem}.py" in self._files or f"{stem}/__init__.py" in self._files:
            return True
        if stem not in self._folders:
            return False
        # `import alembic` means the library, not the environment of that name.
        environment = f"{stem}/env.py"
        facts = self._modules.facts.get(environment)
        return not (facts and is_migration(environment, facts))

    def _markers(self, root: str) -> int:
        found = [join(root, name) in self._files for name in PROJECT_FILES]
        found += [join(root, name) in self._folders for name in PROJECT_FOLDERS]
        return sum(found)

    def _package_root(self) -> str:
        """Give the first folder upwards that is no package, as pytest does."""
        folder = parent(self._center)
        while folder and f"{folder}/__init__.py" in self._files:
            folder = parent(folder)
        return folder
