"""What was found by trying a submission's tests on right and on wrong services."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from grader.catalog import Course

from .own_tests import Run, likeliness
from .project import Sandbox
from .trials import Traces, Trials
from .variants import Variant, variants

MOST_DECOYS = 4
CHAFFS_LIMIT_S = 180.0
# Such an error says that a test uses what only the submission's service has.
STRANGE = frozenset(
    {"AttributeError", "ImportError", "ModuleNotFoundError", "TypeError"}
)


@dataclass(frozen=True, slots=True)
class Home:
    """The tests on the reference, as they are written."""

    run: Run
    traces: Traces
    filled: frozenset[str]
    """The tables that rows were put into meanwhile."""


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
        """Run the tests on the reference, once."""
        return self._sandbox.once("trials.home", self._home)

    def unsteady(self) -> list[str]:
        """Name the tests that pass at home and not always: again, or in other orders.

        Each was run on another right service, in another order, and a second time in
        one folder if the first time left anything there.
        """
        return self._sandbox.once("trials.unsteady", self._unsteady)

    def chaffs(self) -> list[Chaff]:
        """Run the tests on each wrong service until one of them fails."""
        return self._sandbox.once("trials.chaffs", self._chaffs)

    def afresh(
        self,
        *,
        wheats: Sequence[Variant] = (),
        reordered: bool = False,
        times: int = 1,
    ) -> Run:
        """Run all tests in a folder of their own; return the last of the runs."""
        first = self._ranked([*self.home().run.tests], self._shown) if reordered else []
        with self.trials.world(self.trials.service([*self.base, *wheats])) as world:
            for _ in range(times - 1):
                self.trials.run(world)
            return self.trials.run(world, first=first)

    def passes_alone(self, name: str) -> bool:
        """Say whether a test passes where no other has run before it."""
        with self.trials.world(self.trials.service(self.base)) as world:
            return name in self.trials.run(world, only=[name]).green

    def set_aside(self) -> list[str]:
        """Name the tests that use what the course does not ask a service to have."""
        return [test.name for test in self.home().run.red if test.error in STRANGE]

    def _home(self) -> Home:
        trials = self.trials
        with trials.world(trials.service(self.base)) as world:
            before = world.state()
            run = trials.run(world)
            return Home(run, trials.traces(world, before), trials.filled(world))

    def _unsteady(self) -> list[str]:
        home = self.home()
        passed = home.run.green
        green = [name for name in home.run.tests if name in passed]
        moved = {*self._moved(green)}
        if green and home.traces.anything:
            moved |= passed - self.afresh(times=2).green
        return [name for name in green if name in moved]

    def _moved(self, names: list[str]) -> list[str]:
        """Name the tests that fail on a right service met as wrong ones are.

        A test can see how it is run, whether it was here before and what service it
        meets, and could fail for that alone: so the world is a fresh one, and all that
        is asked is asked as of a wrong service.
        """
        left = names
        for wheat in self.wheats:
            decoy = replace(wheat, looks=self._shown)
            for _ in range(MOST_DECOYS):
                red = _noticing(self._meet(decoy, left), left) if left else []
                if not red:
                    break
                left = [name for name in left if name not in red]
            else:
                return names
        return [name for name in names if name not in left]

    def _chaffs(self) -> list[Chaff]:
        drawn = list(self._wrong)
        random.Random(self._sandbox.seed).shuffle(drawn)  # noqa: S311 - no secret
        home = self.home().run
        steady = home.green - {*self.unsteady()}
        names = [name for name in home.tests if name in steady]
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
        return [seen[variant.name] for variant in self._wrong]

    def _meet(self, variant: Variant, names: Sequence[str]) -> Run:
        limit = max(20.0, 5 * self.home().run.duration_s)
        with self.trials.world(self.trials.service([*self.base, variant])) as world:
            return self.trials.run(
                world,
                "-x",
                only=names,
                first=self._ranked(names, variant.looks),
                timeout_s=limit,
            )

    def _ranked(self, names: Sequence[str], looks: Sequence[str]) -> list[str]:
        """Put the likeliest tests first, and turn the order of the others round."""
        likely = likeliness(self.trials.modules, names, looks)
        turned = names[::-1]
        return sorted(turned, key=lambda name: -likely[name])

    @cached_property
    def _shown(self) -> tuple[str, ...]:
        """Choose how decoys look: as the chaff that turns most of the order round."""
        names = list(self.home().run.tests)
        modules = self.trials.modules

        def likely(chaff: Variant) -> int:
            return sum(map(bool, likeliness(modules, names, chaff.looks).values()))

        shown = min(self._wrong, key=likely, default=None)
        return () if shown is None else shown.looks

    @cached_property
    def _wrong(self) -> list[Variant]:
        return self._variants("chaffs")

    def _variants(self, kind: str) -> list[Variant]:
        return variants(self.trials.folder / kind)


def _noticing(run: Run, names: Sequence[str]) -> list[str]:
    return [test.name for test in run.red if test.noticed and test.name in names]
