"""Take one report for a class of one, where a system grades without a gradebook."""

from datetime import datetime
from pathlib import Path

from pydantic import ValidationError

from grader.errors import MisuseError
from grader.gradebook.policy import Policy
from grader.gradebook.standing import Attempt, Standing, Student
from grader.gradebook.standings import Class
from grader.report import CheckReport, Outcome, Report
from grader.untrusted import decode_json


def class_of(path: Path, now: datetime) -> Class:
    """Read a report that ``grader grade --json`` wrote.

    Raises:
        MisuseError: if it is none, or a check of it broke.
    """
    report = _read(path)
    broken = [c.id for step in report.steps for c in step.checks if _is_broken(c)]
    if broken:
        raise MisuseError(
            problem=f"{path} is no grade: {', '.join(broken)} broke.",
            next_step="That is the grader's mistake: send us the report, grade anew.",
        )
    attempt = Attempt(1, report, graded_at=now, score=report.score + report.bonus)
    standing = Standing(
        Student(report.submission.name),
        (attempt,),
        attempt,
        score=round(report.score + report.bonus, 2),
        max_score=report.max_score,
        automatic=report.score,
        bonus=report.bonus,
        criteria=report.criteria,
    )
    return Class(Policy(), (standing,))


def _is_broken(check: CheckReport) -> bool:
    return check.outcome is Outcome.BROKEN


def _read(path: Path) -> Report:
    try:
        return Report.model_validate(decode_json(path.read_bytes()))
    except OSError as error:
        raise MisuseError(
            problem=f"{path} cannot be read: {error.strerror}.",
            next_step="Give --report a file that `grader grade --json FILE` wrote.",
        ) from error
    except (ValidationError, ValueError) as error:
        raise MisuseError(
            problem=f"{path} is no report of this grader.",
            next_step="Give --report a file that `grader grade --json FILE` wrote.",
        ) from error
