"""Judge what came of a job: pure functions from outcomes to gaps."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from grader.report import CheckReport, Outcome

from .gaps import Gap, listed
from .jobs import Job


@dataclass(frozen=True, slots=True)
class Run:
    """What came of one job."""

    job: Job
    checks: tuple[CheckReport, ...] = ()
    """The checks on the job's own files, never those over the reference layers."""
    reused: tuple[str, ...] = ()
    """Steps not run, because all that decides them is as in the finished service."""
    problem: str = ""
    """Why it could not be graded, if it could not."""
    duration_s: float = 0.0

    def failed(self) -> list[CheckReport]:
        """Return the checks that failed."""
        return [check for check in self.checks if check.outcome is Outcome.FAILED]

    def fallen_short(self, *, bonus: bool = False) -> list[CheckReport]:
        """Return the checks that did not pass, with or without the bonus ones."""
        return [
            check
            for check in self.checks
            if check.outcome is not Outcome.PASSED and (bonus or not check.bonus)
        ]


def judge(run: Run) -> Iterator[Gap]:
    """Find where a job did not come out as the course claims."""
    if run.problem:
        yield _gap(run, "graded", f"could not be graded: {run.problem}")
        return
    broken = [check for check in run.checks if check.outcome is Outcome.BROKEN]
    if broken:
        yield _gap(run, "broken", f"breaks {_told(broken)}")
    if run.job.kind == "starter":
        yield from _judge_starter(run)
    elif run.job.kind == "rejects":
        yield from _judge_reject(run)
    else:
        short = run.fallen_short(bonus=run.job.kind == "finished")
        if short:
            yield _gap(run, run.job.kind, f"falls short on {_told(short)}")


def _judge_starter(run: Run) -> Iterator[Gap]:
    own = f"{run.job.step}."
    short = run.fallen_short()
    if not any(check.id.startswith(own) for check in short):
        yield _gap(run, "starter", "already has full marks on its own step")
    earlier = [check for check in short if not check.id.startswith(own)]
    if earlier:
        yield _gap(run, "starter", f"falls short before its step: {_told(earlier)}")


def _judge_reject(run: Run) -> Iterator[Gap]:
    job, failed = run.job, run.failed()
    names = {check.id for check in failed}
    missed = [name for name in job.fails if name not in names]
    if missed:
        outcomes = {check.id: check.outcome.value for check in run.checks}
        seen = [f"{name} ({outcomes.get(name, 'not run')})" for name in missed]
        yield _gap(run, "rejects", f"should fail {listed(seen)}")
    wrong = [check for check in failed if (check.pitfall or "") != job.pitfall]
    if wrong:
        named = job.pitfall or "nothing"
        told = f"should be diagnosed as {named}, and is not by {_told(wrong)}"
        yield _gap(run, "diagnosis", told)
    more = [c for c in failed if c.id not in job.fails and c not in wrong]
    if more:
        told = f"also fails {_told(more)}: name it in fails, or let it come after"
        yield _gap(run, "rejects", told)


def _told(checks: Iterable[CheckReport]) -> str:
    return listed(_one(check) for check in checks)


def _one(check: CheckReport) -> str:
    if check.outcome is Outcome.SKIPPED:
        return f"{check.id} (skipped: needs {listed(check.because)})"
    name = (
        f"{check.pitfall or 'no pitfall'}: " if check.outcome is Outcome.FAILED else ""
    )
    return f"{check.id} ({check.outcome.value}, {name}{check.message})"


def _gap(run: Run, rule: str, told: str) -> Gap:
    return Gap(rule, run.job.label, f"{run.job.label} {told.rstrip('.')}.")
