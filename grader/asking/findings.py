"""What was found by trying a submission's tests on right and on wrong services."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from grader.catalog import Course

from .own_tests import Run, most_likely
from .project import Sandbox
from .trials import Traces, Trials
from .variants import Variant, variants

MOST_AGAIN = 40
MOST_DECOYS = 4
CHAFFS_LIMIT_S = 180.0
# Such an error says that a test uses what only the submission's service has.
STRANGE = frozenset(
    {"AttributeError", "ImportError", "ModuleNotFoundError", "TypeError"}
)


@dataclass(frozen=True, slots=True)
class Home:
    """Two runs in one folder: on the reference, then on another right service."""

    first: Run
    traces: Traces
    changed: tuple[str, ...]
    """The tests that went otherwise the second time: reversed, a sample of many."""


@dataclass(frozen=True, slots=True)
class Chaff:
    """A wrong service, and whether the tests noticed."""

    variant: Variant
    noticed: bool
    by: str = ""


class Findings:
    """Find out once, share among the checks."""

    def __init__(
        self,
        sandbox: Sandbox,
        course: Course,
        folder: Path,
        sentinels: Mapping[str, bytes],
    ) -> None:
        self.trials = Trials(sandbox, course, folder, sentinels)
        self.base = self._variants("base")
        self.wheats = self._variants("wheats")
        self._sandbox = sandbox

    def home(self) -> Home:
        """Run the tests on the reference, and again on another right service."""
        return self._sandbox.once("trials.home", self._home)

    def chaffs(self) -> list[Chaff]:
        """Run the tests on each wrong service until one of them fails."""
        return self._sandbox.once("trials.chaffs", self._chaffs)

    def afresh(
        self, *, wheats: Sequence[Variant] = (), order: str = "written", times: int = 1
    ) -> Run:
        """Run all tests in a folder of their own; return the last of the runs."""
        with self.trials.world(self.trials.service([*self.base, *wheats])) as world:
            for _ in range(times - 1):
                self.trials.run(world)
            return self.trials.run(world, order=order)

    def passes_alone(self, name: str) -> bool:
        """Say whether a test passes where no other has run before it."""
        with self.trials.world(self.trials.service(self.base)) as world:
            return name in self.trials.run(world, only=[name]).green

    def set_aside(self) -> list[str]:
        """Name the tests that use what the course does not ask a service to have."""
        return [test.name for test in self.home().first.red if test.error in STRANGE]

    def reliable(self) -> list[str]:
        """Name the tests that passed on every right service they were run on."""
        home = self.home()
        return [name for name in home.first.green if name not in home.changed]

    def _home(self) -> Home:
        trials = self.trials
        right = trials.service(self.base)
        with trials.world(right) as world:
            first = trials.run(world)
            if not first.green:
                return Home(first, trials.traces(world), ())
            other = trials.service([*self.base, *self.wheats]).files
            world.world.put(
                {
                    path: content
                    for path, content in other.items()
                    if right.files.get(path) != content
                }
            )
            names = [name for name in first.tests if name in first.green]
            chosen = trials.sample(names, MOST_AGAIN)
            again = trials.run(world, only=chosen, order="reversed")
            changed = tuple(name for name in chosen if name not in again.green)
            return Home(first, trials.traces(world), changed)

    def _chaffs(self) -> list[Chaff]:
        found = self._variants("chaffs")
        drawn = list(found)
        random.Random(self._sandbox.seed).shuffle(drawn)  # noqa: S311 - no secret
        names = self._unmoved(self.reliable(), drawn)
        seen: dict[str, Chaff] = {}
        spent = 0.0
        for variant in drawn:
            if not names or spent > CHAFFS_LIMIT_S:
                seen[variant.name] = Chaff(variant, noticed=False)
                continue
            run = self._meet(variant, names)
            spent += run.duration_s
            red = _noticing(run, names)
            seen[variant.name] = Chaff(variant, bool(red), red[0] if red else "")
        return [seen[variant.name] for variant in found]

    def _unmoved(self, names: list[str], drawn: Sequence[Variant]) -> list[str]:
        """Leave out the tests that fail on a right service met as wrong ones are.

        A test can see how it is run, whether it was here before and what service it
        meets, and could fail for that alone: so the world is a fresh one, and all that
        is asked is asked as of a wrong service.
        """
        for wheat in self.wheats:
            decoy = replace(wheat, looks=drawn[0].looks if drawn else ())
            for _ in range(MOST_DECOYS):
                red = _noticing(self._meet(decoy, names), names) if names else []
                if not red:
                    break
                names = [name for name in names if name not in red]
            else:
                return []
        return names

    def _meet(self, variant: Variant, names: Sequence[str]) -> Run:
        trials, first = self.trials, self.home().first
        ranked = most_likely(trials.modules, names, variant.looks)
        limit = max(20.0, 5 * first.duration_s)
        with trials.world(trials.service([*self.base, variant])) as world:
            return trials.run(world, "-x", only=names, first=ranked, timeout_s=limit)

    def _variants(self, kind: str) -> list[Variant]:
        return variants(self.trials.folder / kind)


def _noticing(run: Run, names: Sequence[str]) -> list[str]:
    return [test.name for test in run.red if test.noticed and test.name in names]
