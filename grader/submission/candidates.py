"""Choosing the module for each role among all that could be it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from grader.submission.modules import Modules, distance, parent
from grader.submission.notes import shown
from grader.submission.roles import Role

ENOUGH = 3  # what signs must weigh for a module to be a candidate by them alone
AT_ITS_PLACE = 6
AT_ITS_PLACE_DEEPER = 4
SAME_NAME = 3
IMPORTED = 4
MOST_COMPANY = 6
FARTHEST = 4
SHOWN_RIVALS = 3
MOST_RIVALS = 30


@dataclass(frozen=True, slots=True)
class Choice:
    """The module of each role that was found."""

    center: str | None = None  # the module that all others were looked for around
    reached: frozenset[str] = frozenset()  # what the center imports
    paths: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def choose_modules(modules: Modules, roles: Sequence[Role]) -> Choice:
    """Choose the first role's module, then the others around it."""
    if not roles:
        return Choice()
    first, *others = roles
    service = modules.service()
    rivals = _anchors(modules, first, others, service)
    anchor = rivals[0] if rivals else None
    center = anchor or _stand_in(modules, others, service)
    if center is None:
        return Choice()
    scale = _Scale(modules, center)
    found = {first.name: anchor} if anchor else {}
    for role in others:
        best = max(
            (path for path in service if scale.fits(role, path)),
            key=lambda path: (scale.score(role, path), _prefer_shallow(path)),
            default=None,
        )
        if best is not None:
            found[role.name] = _package_of(modules, role, best)
    notes = _rivals_note(first, rivals)
    return Choice(center, scale.reached, found, notes)


def _anchors(
    modules: Modules, first: Role, others: Sequence[Role], service: Sequence[str]
) -> list[str]:
    scores: dict[str, int] = {}
    for path in service:
        facts = modules.facts[path]
        signs = first.weigh(facts.signs)
        place = _place(first, path)
        broken = facts.error is not None and place > 0
        if signs < ENOUGH and place < AT_ITS_PLACE and not broken:
            continue
        scores[path] = signs + place
    for path in _ordered(scores)[:MOST_RIVALS]:
        scores[path] += _company(modules, path, others)
    return _ordered(scores)


def _ordered(scores: Mapping[str, int]) -> list[str]:
    return sorted(scores, key=lambda path: (-scores[path], path.count("/"), path))


def _company(modules: Modules, path: str, others: Sequence[Role]) -> int:
    """Weigh the roles that a module brings along through its imports."""
    reached = modules.reach(path)
    total = 0
    for role in others:
        best = max(role.weigh(modules.facts[other].signs) for other in reached)
        total += max(0, min(best, MOST_COMPANY))
    return total


def _stand_in(
    modules: Modules, others: Sequence[Role], service: Sequence[str]
) -> str | None:
    """Give the module that shows most of the other roles."""
    scores = {
        path: max(
            (
                role.weigh(modules.facts[path].signs) + _place(role, path)
                for role in others
            ),
            default=0,
        )
        for path in service
    }
    best = max(
        scores, key=lambda path: (scores[path], _prefer_shallow(path)), default=None
    )
    return best if best is not None and scores[best] >= ENOUGH else None


class _Scale:
    """Score modules for the roles around a center."""

    def __init__(self, modules: Modules, center: str) -> None:
        self._modules = modules
        self._package = parent(center)
        self.reached = modules.reach(center)

    def fits(self, role: Role, path: str) -> bool:
        """Tell whether a module could be the role at all."""
        if self._modules.facts[path].signs.isdisjoint(s for s, _ in role.weights()):
            return self._named(role, path) > 0
        return (
            role.weigh(self._modules.facts[path].signs) >= ENOUGH
            or self._named(role, path) > 0
        )

    def score(self, role: Role, path: str) -> int:
        """Weigh signs, name, imports and nearness."""
        return (
            role.weigh(self._modules.facts[path].signs)
            + self._named(role, path)
            + IMPORTED * (path in self.reached)
            - min(distance(parent(path), self._package), FARTHEST)
        )

    def _named(self, role: Role, path: str) -> int:
        place = _place(role, path)
        is_near = not self._package or path.startswith(f"{self._package}/")
        return place if place > SAME_NAME or is_near else 0


def _place(role: Role, path: str) -> int:
    """Weigh how far a path is the one that the course has."""
    if path == role.path:
        return AT_ITS_PLACE
    if path.endswith(f"/{role.path}"):
        return AT_ITS_PLACE_DEEPER
    return SAME_NAME if path.rpartition("/")[2] == role.file_name else 0


def _package_of(modules: Modules, role: Role, path: str) -> str:
    """Give the package instead, where the role is spread over one of its name."""
    package = parent(path)
    init = f"{package}/__init__.py"
    if package.rpartition("/")[2] != role.stem or init not in modules.facts:
        return path
    shares = [
        other
        for other, facts in modules.facts.items()
        if parent(other) == package and role.weigh(facts.signs) >= ENOUGH
    ]
    gathers = path in modules.reach(init)
    return init if gathers or len(shares) > 1 else path


def _rivals_note(first: Role, rivals: Sequence[str]) -> tuple[str, ...]:
    taken, *others = rivals or ("",)
    if not others:
        return ()
    named = ", ".join(shown(path) for path in others[:SHOWN_RIVALS])
    return (f"{shown(taken)} was taken as the {first.name}, not {named}.",)


def _prefer_shallow(path: str) -> tuple[int, tuple[int, ...]]:
    return -path.count("/"), tuple(-ord(letter) for letter in path)
