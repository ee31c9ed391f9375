"""Turn outcomes into points: pure functions, and the only place that does."""

from collections.abc import Iterable, Sequence
from typing import Literal

from .report import CheckReport, Outcome, StepReport

Policy = Literal["strict", "carry"]
PRECISION = 2


def points(outcome: Outcome, worth: float) -> float:
    """Give a check's points: all of them if it passed, else none."""
    return worth if outcome is Outcome.PASSED else 0.0


def total(checks: Iterable[CheckReport], *, bonus: bool = False) -> float:
    """Sum the points earned by the ordinary checks, or by the bonus ones."""
    return _sum(check.points for check in checks if check.bonus is bonus)


def worth(checks: Iterable[CheckReport], *, bonus: bool = False) -> float:
    """Sum the points that could be earned."""
    return _sum(check.max_points for check in checks if check.bonus is bonus)


def counted(own: float, on_reference: float | None, policy: Policy) -> float:
    """Give what counts for a step.

    ``strict`` counts the submission as it is; ``carry`` counts the better of that and
    of the step over right earlier steps, so that one mistake is paid for once.
    """
    if policy == "strict" or on_reference is None:
        return own
    return max(own, on_reference)


def criteria(
    steps: Sequence[StepReport], names: Sequence[str], policy: Policy
) -> dict[str, bool | None]:
    """Say which criteria are met: all core checks of all their steps passed.

    Under ``carry`` a check counts as passed if it passed over right earlier steps.
    """
    return {name: _met(name, steps, policy) for name in names}


def _met(name: str, steps: Sequence[StepReport], policy: Policy) -> bool | None:
    core: dict[str, bool] = {}
    for step in steps:
        if step.criterion != name:
            continue
        again = step.reference_checks if policy == "carry" else ()
        for check in (*step.checks, *again):
            if check.core:
                passed = check.outcome is Outcome.PASSED
                core[check.id] = core.get(check.id, False) or passed
    return all(core.values()) if core else None


def _sum(values: Iterable[float]) -> float:
    return round(sum(values), PRECISION)
