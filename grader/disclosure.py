"""Decide what a student is shown of a report: the only place that does.

Of a visible check that is everything but the grader's own facts. Of a hidden one it is
at most the title, the diagnosis and the hint; never what was sent or seen.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from .catalog import Pitfall
from .causes import causes
from .report import CheckReport, Outcome, Report, StepReport, readable
from .scoring import total, worth

LONGEST_LINE = 400
MOST_STATEMENTS = 12
SQL = re.compile(
    r"(SELECT|INSERT|UPDATE|DELETE|REPLACE|CREATE|ALTER|DROP|PRAGMA|BEGIN|COMMIT"
    r"|ROLLBACK|SAVEPOINT|RELEASE|WITH)\b"
)


class Disclosure(StrEnum):
    """How much of a hidden check a student is shown."""

    NOTHING = "nothing"
    """How many there are in a step, and their points together."""
    TITLES = "titles"
    """Also what each is about, and whether it passed."""
    DIAGNOSES = "diagnoses"
    """Also the named mistake, and the hint."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a student is shown of a check; only what is filled in."""

    title: str
    outcome: Outcome
    points: float
    max_points: float
    bonus: bool = False
    hidden: bool = False
    message: str = ""
    pitfall: str = ""
    diagnosis: str = ""
    why: str = ""
    see: str = ""
    hint: str = ""
    handout: str = ""
    needs: tuple[str, ...] = ()
    """The titles of the failures that a skipped check waits for."""
    statements: tuple[str, ...] = ()
    """The SQL that was seen."""

    @property
    def passed(self) -> bool:
        """Say whether it earned its points."""
        return self.outcome is Outcome.PASSED


def counting(step: StepReport) -> tuple[CheckReport, ...]:
    """Give the checks whose points count.

    Where the run on right earlier steps counts, what passed in neither run is told by
    the run on the student's own files: in the other they meet files that they were not
    written for, and show mistakes that nobody made.
    """
    again = step.on_reference
    if again != step.score or again == step.own:
        return step.checks
    own = {check.id: check for check in step.checks}
    return tuple(
        own.get(check.id, check)
        if Outcome.PASSED not in (check.outcome, own.get(check.id, check).outcome)
        else check
        for check in step.reference_checks
    )


def shown_steps(
    report: Report, pitfalls: Mapping[str, Pitfall], disclosure: Disclosure
) -> Iterator[tuple[StepReport, tuple[Shown, ...]]]:
    """Show each step's checks, in their order, as far as a student may see them."""
    sums = disclosure is Disclosure.NOTHING
    every = {check.id: check for step in report.steps for check in step.checks}
    titles = {i: c.title for i, c in every.items() if not (sums and is_hidden(c))}
    for step in report.steps:
        checks = counting(step)
        seen = [check for check in checks if check.id in titles]
        unseen = [check for check in checks if check.id not in titles]
        shown = (
            replace(
                _shown(check, pitfalls, disclosure),
                needs=_needs(check, every, titles),
            )
            for check in seen
        )
        yield step, (*shown, *_summed(unseen))


def _needs(
    check: CheckReport, every: Mapping[str, CheckReport], titles: Mapping[str, str]
) -> tuple[str, ...]:
    if check.outcome is not Outcome.SKIPPED:
        return ()
    return tuple(titles[c.id] for c in causes(check, every) if c.id in titles)


def is_hidden(check: CheckReport) -> bool:
    """Say whether students have no suite with this check."""
    return check.visibility != "visible"


def tells_diagnosis(check: CheckReport, disclosure: Disclosure) -> bool:
    """Say whether a student is told the mistake that a check named."""
    return not is_hidden(check) or disclosure is Disclosure.DIAGNOSES


def _shown(
    check: CheckReport, pitfalls: Mapping[str, Pitfall], disclosure: Disclosure
) -> Shown:
    hidden = is_hidden(check)
    told = tells_diagnosis(check, disclosure)
    pitfall = pitfalls.get(check.pitfall or "") if told else None
    return Shown(
        title=check.title,
        outcome=check.outcome,
        points=check.points,
        max_points=check.max_points,
        bonus=check.bonus,
        hidden=hidden,
        message="" if hidden else _cut(check.message),
        pitfall=pitfall.slug if pitfall else "",
        diagnosis=pitfall.diagnosis if pitfall else "",
        why=pitfall.why if pitfall and not hidden else "",
        see=pitfall.see if pitfall and not hidden else "",
        hint=_hint(check, pitfall) if told else "",
        handout=pitfall.handout if pitfall and not hidden else "",
        statements=() if hidden else tuple(statements(check.evidence)),
    )


def _hint(check: CheckReport, pitfall: Pitfall | None) -> str:
    """Give the way out of the mistake, and what the check says beside it."""
    hints = [pitfall.way_out if pitfall else "", _cut(check.hint)]
    return " ".join(dict.fromkeys(hint for hint in hints if hint))


def statements(evidence: Sequence[str]) -> Iterator[str]:
    """Give the SQL among what was seen, and how much more of it there is."""
    lines = [line for line in evidence if SQL.match(line)]
    yield from map(_cut, lines[:MOST_STATEMENTS])
    if len(lines) > MOST_STATEMENTS:
        yield f"… {len(lines) - MOST_STATEMENTS} more"


def _summed(checks: Sequence[CheckReport]) -> Iterator[Shown]:
    """Show checks as their sums alone, the ordinary ones and the bonus apart."""
    for bonus in (False, True):
        these = [check for check in checks if check.bonus is bonus]
        if these:
            passed = sum(check.outcome is Outcome.PASSED for check in these)
            all_passed = passed == len(these)
            yield Shown(
                title=f"{passed} of {len(these)} further checks passed.",
                outcome=Outcome.PASSED if all_passed else Outcome.FAILED,
                points=total(these, bonus=bonus),
                max_points=worth(these, bonus=bonus),
                bonus=bonus,
                hidden=True,
            )


def _cut(text: str) -> str:
    shown = " ".join(readable(text).split())
    return f"{shown[:LONGEST_LINE]}…" if len(shown) > LONGEST_LINE else shown
