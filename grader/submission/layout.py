"""Finding which part of a submission lies where, by what its modules define."""

import posixpath
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from grader.errors import MisuseError
from grader.submission.candidates import Choice, choose_modules
from grader.submission.modules import Modules, join, parent
from grader.submission.notes import shown
from grader.submission.places import find_file, find_folder
from grader.submission.roles import Role
from grader.submission.roots import choose_root, dotted
from grader.submission.tree import Tree

MOST_NOTES = 12

__all__ = ["Layout", "Role", "find_layout", "require_service"]


@dataclass(frozen=True, slots=True)
class Layout:
    """Where each role was found."""

    name: str  # "repository", "handout", "nested" or "other"
    root: str  # working folder and import path of everything; "" is the tree's top
    paths: Mapping[str, str]  # role -> path from the root, "../tests/" if beside it
    modules: Mapping[str, str]  # role -> dotted name, as imported from the root
    missing: tuple[str, ...]
    notes: tuple[str, ...]

    def locate(self, role: str) -> str | None:
        """Give a role's path from the top of the tree."""
        if role not in self.paths:
            return None
        path = posixpath.normpath(posixpath.join(self.root, self.paths[role]))
        return f"{path}/" if self.paths[role].endswith("/") else path


def find_layout(tree: Tree, roles: Sequence[Role]) -> Layout:
    """Find where a submission keeps each role.

    Args:
        tree: The submission.
        roles: What the course expects; the first module among them is the one that
            the service is started by, and the others are looked for around it.
    """
    modules = Modules.of(tree)
    choice = choose_modules(modules, [role for role in roles if role.is_module])
    usual = frozenset(role.path for role in roles if role.is_module)
    root = _root(tree, modules, choice, usual)
    around = {root, parent(choice.center or "")}
    found = dict(choice.paths)
    for role in roles:
        if role.is_module:
            continue
        if role.is_folder:
            folder = find_folder(tree, modules, role, around)
            path = None if folder is None else f"{folder}/"
        else:
            path = find_file(tree, role, root)
        if path is not None:
            found[role.name] = path
    names = {name: dotted(path, root) for name, path in choice.paths.items()}
    return Layout(
        name=_name(choice.center, root, usual),
        root=root,
        paths=MappingProxyType(
            {name: _from_root(path, root) for name, path in found.items()}
        ),
        modules=MappingProxyType({name: to for name, to in names.items() if to}),
        missing=tuple(role.name for role in roles if role.name not in found),
        notes=_notes(modules, choice, root),
    )


def require_service(layout: Layout, roles: Collection[str] = ()) -> None:
    """Refuse a submission in which nothing of a service was found.

    Args:
        layout: What was found.
        roles: Any of these makes a service; without them any module role does.

    Raises:
        MisuseError: No such role was found.
    """
    found = set(layout.modules)
    if not (found & set(roles) if roles else found):
        raise MisuseError(
            problem="There is no service inside.",
            next_step="Give the folder that holds the service's package.",
        )


def _root(tree: Tree, modules: Modules, choice: Choice, usual: frozenset[str]) -> str:
    if choice.center is None:
        return ""
    service = choice.reached | set(choice.paths.values())
    return choose_root(modules, tree.files, frozenset(service), choice.center, usual)


def _from_root(path: str, root: str) -> str:
    if path == "/":
        path = "./"
    relative = posixpath.relpath(path, root or ".")
    return f"{relative}/" if path.endswith("/") else relative


def _name(center: str | None, root: str, usual: frozenset[str]) -> str:
    if center is None:
        return "other"
    if any(center == join(root, path) for path in usual):
        return "repository"
    package = parent(center)
    if package == "app" and not root:
        return "handout"
    return "nested" if package.endswith("/app") else "other"


def _notes(modules: Modules, choice: Choice, root: str) -> tuple[str, ...]:
    notes = list(choice.notes)
    if root:
        notes.append(f"Everything is run from {shown(root)}/.")
    for name, path in choice.paths.items():
        if dotted(path, root) is None:
            notes.append(
                f"{name} was found in {shown(path)}, which cannot be imported."
            )
    for path, facts in modules.facts.items():
        if facts.error:
            notes.append(f"{shown(path)} could not be read: {facts.error}.")
    if modules.unread:
        notes.append(f"{modules.unread} further modules were not looked at.")
    more = len(notes) - MOST_NOTES
    return (*notes[:MOST_NOTES], *([f"And {more} more."] if more > 0 else []))
