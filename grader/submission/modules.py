"""The modules of a tree and which of them import which, without any import path."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from grader.submission.facts import ModuleFacts, module_facts
from grader.submission.tree import Tree

MOST_MODULES = 600
MOST_SOURCE = 6_000_000
MOST_NAMESAKES = 8
TEST_FOLDERS = frozenset({"test", "tests"})


@dataclass(frozen=True, slots=True)
class Modules:
    """The facts of every module that was read."""

    facts: Mapping[str, ModuleFacts]
    tails: Mapping[str, tuple[str, ...]]  # "app/db" -> every path that ends so
    unread: int  # modules beyond what is read
    edges: dict[str, frozenset[str]] = field(default_factory=dict)  # as asked for

    @classmethod
    def of(cls, tree: Tree) -> "Modules":
        """Read the modules of a tree, the shallow ones first."""
        facts: dict[str, ModuleFacts] = {}
        tails: dict[str, list[str]] = {}
        budget = MOST_SOURCE
        paths = sorted(tree.paths(".py"), key=lambda path: (path.count("/"), path))
        for path in paths:
            source = tree.files[path]
            if len(facts) >= MOST_MODULES or len(source) > budget:
                continue
            budget -= len(source)
            facts[path] = module_facts(source)
            for tail in _tails(path):
                tails.setdefault(tail, []).append(path)
        frozen = {tail: tuple(found[:MOST_NAMESAKES]) for tail, found in tails.items()}
        return cls(facts, frozen, len(paths) - len(facts))

    def service(self) -> list[str]:
        """List the modules that can be part of a service."""
        return [
            path
            for path in self.facts
            if is_importable(path)
            and not is_test(path)
            and not is_migration(path, self.facts[path])
        ]

    def reach(self, start: str) -> frozenset[str]:
        """Give a module and all that it imports, directly or not."""
        seen = {start}
        waiting = [start]
        while waiting:
            path = waiting.pop()
            if path not in self.edges:
                self.edges[path] = frozenset(self._targets(path))
            new = self.edges[path] - seen
            seen |= new
            waiting.extend(new)
        return frozenset(seen)

    def _targets(self, path: str) -> Iterator[str]:
        folder = parent(path)
        for link in self.facts[path].links:
            name = link.lstrip(".")
            level = len(link) - len(name)
            tail = name.replace(".", "/")
            if level:
                yield from self._relative(folder, level, tail)
            elif tail in self.tails:
                yield min(
                    self.tails[tail],
                    key=lambda found: (distance(parent(found), folder), found),
                )

    def _relative(self, folder: str, level: int, tail: str) -> Iterator[str]:
        for _ in range(level - 1):
            folder = parent(folder)
        stem = join(folder, tail)
        # `from . import x` names the package, never a module beside its folder.
        module = [f"{stem}.py"] if tail else []
        for path in (*module, join(stem, "__init__.py")):
            if path in self.facts:
                yield path


def is_importable(path: str) -> bool:
    """Tell whether a file's own name can stand in an import."""
    return path.rpartition("/")[2].removesuffix(".py").isidentifier()


def is_test(path: str) -> bool:
    """Tell whether a module belongs to tests, by the conventions of pytest."""
    *folders, name = path.split("/")
    return (
        not TEST_FOLDERS.isdisjoint(folders)
        or name.startswith("test_")
        or name.endswith("_test.py")
        or name in {"conftest.py", "tests.py"}
    )


def is_migration(path: str, facts: ModuleFacts) -> bool:
    """Tell whether a module belongs to an Alembic environment."""
    *folders, name = path.split("/")
    if "import:alembic" not in facts.signs:
        return "versions" in folders
    return "versions" in folders or name == "env.py"


def parent(path: str) -> str:
    """Give the folder of a path, "" for the top."""
    return path.rpartition("/")[0]


def join(folder: str, name: str) -> str:
    """Join two relative paths, each possibly empty."""
    return "/".join(part for part in (folder, name) if part)


def ancestors(folder: str) -> list[str]:
    """Give a folder and those around it, from the top down."""
    parts = folder.split("/") if folder else []
    return ["/".join(parts[:end]) for end in range(len(parts) + 1)]


def distance(one: str, other: str) -> int:
    """Count the steps from one folder to another."""
    shared = set(ancestors(one)) & set(ancestors(other))
    return len(ancestors(one)) + len(ancestors(other)) - 2 * len(shared)


def folders_of(paths: Iterable[str]) -> set[str]:
    """Give every folder that holds one of the paths, directly or not."""
    return {folder for path in paths for folder in ancestors(parent(path))}


def _tails(path: str) -> Iterator[str]:
    stem = path.removesuffix(".py").removesuffix("/__init__")
    parts = stem.split("/")
    for start in range(len(parts)):
        yield "/".join(parts[start:])
