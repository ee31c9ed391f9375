"""Explain a check to a student in plain lines."""

from collections.abc import Iterator

from grader.disclosure import Shown


def told(check: Shown) -> Iterator[str]:
    """Give the lines that explain a check that did not pass."""
    if check.passed:
        return
    if check.message:
        yield check.message
    if check.needs:
        needs = ", ".join(f"“{need}”" for need in check.needs)
        yield f"Not tried: it waits for {needs}"
    if check.diagnosis:
        yield check.diagnosis
    if check.hint:
        yield f"Try: {check.hint}"
