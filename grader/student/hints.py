"""The hint ladder: what a student is told grows with attempts and time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from grader.catalog import Pitfall

from .progress import Stuck

ATTEMPTS_A_RUNG = 2
TIME_A_RUNG = timedelta(minutes=5)
WHERE_TO_READ = 'The section "When it goes wrong" of {readme}, then your neighbour.'


@dataclass(frozen=True, slots=True)
class Rung:
    """One hint."""

    label: str
    text: str


def ladder(
    stuck: Stuck, pitfalls: Mapping[str, Pitfall], readme: str
) -> tuple[Rung, ...]:
    """Give all that can be said about a failure, from a nudge to the way out."""
    pitfall = pitfalls.get(stuck.pitfall or "")
    rungs = []
    if pitfall is not None:
        rungs += [
            Rung("Mistake", pitfall.diagnosis),
            Rung("See it", pitfall.see),
            Rung("Why", pitfall.why),
        ]
    if stuck.hint:
        rungs.append(Rung("Try", stuck.hint))
    if pitfall is not None and pitfall.way_out != stuck.hint:
        rungs.append(Rung("Way out", pitfall.way_out))
    return (*rungs, Rung("Read", WHERE_TO_READ.format(readme=readme)))


def earned(stuck: Stuck, now: datetime) -> int:
    """Say how many rungs a student sees without or with having asked for more."""
    by_attempts = (stuck.attempts - 1) // ATTEMPTS_A_RUNG
    by_time = max(timedelta(), now - stuck.since) // TIME_A_RUNG
    return 1 + max(by_attempts, by_time) + stuck.asked


def ask(stuck: Stuck, rungs: int, now: datetime) -> Stuck:
    """Ask for the next rung, if there is one."""
    more = earned(stuck, now) < rungs
    return stuck.model_copy(update={"asked": stuck.asked + more})
