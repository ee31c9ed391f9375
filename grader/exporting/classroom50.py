"""``classroom50``: the result.json of Classroom 50, one a submission.

Its scores are whole numbers, so ours are written in hundredths of a point.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from grader.disclosure import shown_steps
from grader.errors import MisuseError
from grader.gradebook.standing import Standing
from grader.report import Report

from .exported import Exported, Settings
from .single import one_each
from .telling import told

SCHEMA = "classroom50/result/v1"
NAME = "result.json"
HUNDREDTHS = 100
NEEDED = ("CLASSROOM", "ASSIGNMENT", "SUBMISSION_TAG", "COMMIT_URL", "RELEASE_URL")
TYPES = ("individual", "group")
TAG = re.compile(r"submit/(\d{4}-\d\d-\d\d)T(\d\d)[-:](\d\d)[-:](\d\d)Z")


def export(standings: Sequence[Standing], settings: Settings) -> Exported:
    """Write the result of one submission, which Classroom 50's runner describes.

    Raises:
        MisuseError: if there are several, or the runner's variables are not set.
    """
    environment = _required(settings.environment)
    count = len(standings)
    if count != 1:
        raise MisuseError(
            problem=f"Classroom 50 takes one submission at a time, not {count}.",
            next_step="Name one by --student KEY, or give one --report.",
        )
    return one_each(
        standings,
        NAME,
        lambda standing, report: _result(standing, report, settings, environment),
    )


def _required(environment: Mapping[str, str]) -> Mapping[str, str]:
    missing = [name for name in NEEDED if not environment.get(name)]
    if missing or not environment["SUBMISSION_TAG"].startswith("submit/"):
        problem = f"{', '.join(missing)} is not set" if missing else "The tag is not"
        tail = "" if missing else " submit/…"
        raise MisuseError(
            problem=f"{problem}{tail}: Classroom 50's runner says so which submission "
            "it is.",
            next_step="Run this in its workflow, or set the variables by hand.",
        )
    return environment


def _result(
    standing: Standing,
    report: Report,
    settings: Settings,
    environment: Mapping[str, str],
) -> str:
    most = _whole(standing.max_score or 0)
    kind = environment.get("ASSIGNMENT_TYPE", "")
    owner = environment.get("OWNER") or environment.get("USERNAME")
    result = {
        "schema": SCHEMA,
        "classroom": environment["CLASSROOM"],
        "assignment": environment["ASSIGNMENT"],
        "assignment_type": kind if kind in TYPES else TYPES[0],
        "owner": owner or standing.student.login or standing.student.key,
        "submission": environment["SUBMISSION_TAG"],
        "commit": environment["COMMIT_URL"],
        "release": environment["RELEASE_URL"],
        "review": environment.get("REVIEW_URL") or environment["COMMIT_URL"],
        "datetime": _instant(_submitted(standing, environment, settings.made_at)),
        "graded_at": _instant(settings.made_at),
        "score": min(_whole(standing.score or 0), most),
        "max-score": most,
        "tests": list(_tests(standing, report, settings)),
    }
    return json.dumps(result, indent=2, ensure_ascii=False) + "\n"


def _tests(
    standing: Standing, report: Report, settings: Settings
) -> Iterator[dict[str, Any]]:
    pitfalls = settings.course.pitfalls
    for step, checks in shown_steps(report, pitfalls, settings.disclosure(standing)):
        for check in checks:
            yield {
                "test-name": f"{step.slug}: {check.title}",
                "passed": check.passed,
                "score": min(_whole(check.points), _whole(check.max_points)),
                "max-score": _whole(check.max_points),
                "message": "\n".join(told(check)),
            }


def _submitted(
    standing: Standing, environment: Mapping[str, str], made_at: datetime
) -> datetime:
    """Give the instant of the submission, which no regrade may move."""
    found = TAG.match(environment["SUBMISSION_TAG"])
    if found:
        day, *time = found.groups()
        return datetime.fromisoformat(f"{day}T{':'.join(time)}+00:00")
    at = standing.counted.submitted_at if standing.counted else None
    return at or made_at


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _whole(points: float) -> int:
    return max(0, round(points * HUNDREDTHS))
