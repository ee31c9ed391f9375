"""Find what a student needs help with: the failures that everything else comes from."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from grader.catalog import Course
from grader.causes import causes
from grader.report import CheckReport, Outcome, Report, StepReport


@dataclass(frozen=True, slots=True)
class Need:
    """One failure by itself, and the mistake behind it."""

    criterion: str
    step: str
    check: CheckReport
    pitfall: str = ""
    """Empty where the evidence shows no named mistake."""

    @property
    def cause(self) -> str:
        """Name what a clinic is about: the mistake, or else the check."""
        return self.pitfall or self.check.id


def needs(
    report: Report,
    course: Course,
    lost: Collection[str],
    *,
    everything: bool = False,
    bonus: bool = False,
) -> list[Need]:
    """Find what stands between a student and each missed criterion, each cause once.

    Args:
        report: The report that counts.
        course: The course, for what its pitfalls cost.
        lost: The criteria that the student misses.
        everything: Whether to look for what cost points too, criteria met or not.
        bonus: Whether to look for what cost bonus points too.
    """
    known = {check.id: check for step in report.steps for check in step.checks}
    found: dict[str, Need] = {}
    for step in report.steps:
        for check in _short(step, report):
            core = check.core and not check.bonus and step.criterion in lost
            wanted = bonus if check.bonus else core or everything
            for root in _roots(check, known) if wanted else ():
                need = _need(root, step, course)
                found.setdefault(need.cause, need)
    order = {step.slug: place for place, step in enumerate(course.steps)}
    return sorted(found.values(), key=lambda need: order.get(need.step, len(order)))


def needs_at(report: Report, course: Course, slug: str) -> list[Need]:
    """Find what fails at one step when all steps before it are right.

    Where the step was not run so, it is what failed there by itself.
    """
    return [
        _need(check, step, course)
        for step in report.steps
        for check in step.reference_checks or step.checks
        if step.slug == slug and check.outcome is Outcome.FAILED
    ]


def _short(step: StepReport, report: Report) -> Iterator[CheckReport]:
    """Give the checks of a step that passed in no run that counts, in their own run.

    The run on right earlier steps tells whether a check is missed, but not why: there
    the student's files meet others than those that they were written for.
    """
    again = step.reference_checks if report.grader.policy == "carry" else ()
    passed = {c.id for c in again if c.outcome is Outcome.PASSED}
    for check in step.checks:
        if check.outcome is not Outcome.PASSED and check.id not in passed:
            yield check


def _roots(
    check: CheckReport, known: Mapping[str, CheckReport]
) -> Sequence[CheckReport]:
    """Give what a check waits for; all that failed, if no check's failure says so."""
    failed = [c for c in known.values() if c.outcome is Outcome.FAILED and not c.bonus]
    return causes(check, known) or failed or [check]


def _need(check: CheckReport, step: StepReport, course: Course) -> Need:
    """Count a failure to what its pitfall costs, or else to its step's criterion."""
    slug = check.pitfall or ""
    pitfall = course.pitfalls.get(slug)
    own = {each.slug: each.criterion for each in course.steps}
    home = check.id.partition(".")[0]
    criterion = pitfall.criterion if pitfall else own.get(home, step.criterion)
    return Need(criterion, home, check, slug)
