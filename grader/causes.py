"""Follow a check that was skipped back to the failures that it waits for."""

from collections.abc import Mapping

from .report import CheckReport, Outcome


def causes(
    check: CheckReport, known: Mapping[str, CheckReport]
) -> tuple[CheckReport, ...]:
    """Give all that a check waits for and that did not pass by itself.

    Args:
        check: The check; if it failed by itself, it is its own cause.
        known: Every check of the same run by its id.

    Returns:
        Nothing for a check that could not be asked, through no other check's failure.
    """
    found: dict[str, CheckReport] = {}
    seen, waiting = {check.id}, [check]
    while waiting:
        one = waiting.pop(0)
        nearer = [known[n] for n in one.because if n in known and n not in seen]
        seen |= {each.id for each in nearer}
        waiting += nearer
        if not one.because and one.outcome in (Outcome.FAILED, Outcome.BROKEN):
            found[one.id] = one
    return tuple(found.values())
