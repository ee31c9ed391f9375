"""``junit``: JUnit XML, one test suite for each step of each student."""

import re
from collections.abc import Sequence
from datetime import datetime
from xml.etree import ElementTree as Xml  # writing only: nothing foreign is parsed

from grader.disclosure import Shown, shown_steps
from grader.gradebook.standing import Standing
from grader.report import CheckReport, Outcome, StepReport

from .exported import Absent, Exported, Settings
from .telling import told

# All that XML 1.0 cannot hold.
ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def export(standings: Sequence[Standing], settings: Settings) -> Exported:
    """Write all graded students into one file."""
    root = Xml.Element("testsuites", name=_text(settings.title))
    left_out = []
    for standing in standings:
        if standing.report is None or standing.counted is None:
            left_out.append(Absent(standing.student.key, standing.state))
            continue
        graded_at = standing.counted.graded_at
        pitfalls = settings.course.pitfalls
        steps = shown_steps(standing.report, pitfalls, settings.disclosure(standing))
        for step, checks in steps:
            root.append(_suite(standing.student.key, step, checks, graded_at))
    Xml.indent(root)
    text = Xml.tostring(root, encoding="unicode", xml_declaration=False)
    head = '<?xml version="1.0" encoding="utf-8"?>\n'
    return Exported({"junit.xml": f"{head}{text}\n"}, tuple(left_out))


def _suite(
    key: str, step: StepReport, checks: Sequence[Shown], graded_at: datetime
) -> Xml.Element:
    outcomes = [check.outcome for check in checks]
    suite = Xml.Element(
        "testsuite",
        name=_text(f"{key}: {step.slug}"),
        errors=str(outcomes.count(Outcome.BROKEN)),
        failures=str(outcomes.count(Outcome.FAILED)),
        skipped=str(outcomes.count(Outcome.SKIPPED)),
        tests=str(len(checks)),
        time=f"{sum(check.duration_s for check in step.checks):.3f}",
        timestamp=graded_at.isoformat(timespec="seconds"),
        hostname="grader",
    )
    times = {check.title: check for check in step.checks}
    for check in checks:
        suite.append(_case(f"{key}.{step.slug}", check, times.get(check.title)))
    return suite


def _case(place: str, check: Shown, timed: CheckReport | None) -> Xml.Element:
    case = Xml.Element(
        "testcase",
        classname=_text(place),
        name=_text(check.title),
        time=f"{timed.duration_s if timed else 0:.3f}",
    )
    properties = Xml.SubElement(case, "properties")
    facts = {"points": f"{check.points:g}", "max_points": f"{check.max_points:g}"}
    if check.pitfall:
        facts["pitfall"] = check.pitfall
    for name, value in facts.items():
        Xml.SubElement(properties, "property", name=name, value=_text(value))
    lines = [_text(line) for line in told(check)] or ["No details are shown."]
    if check.outcome is Outcome.SKIPPED:
        Xml.SubElement(case, "skipped", type="grader.skipped", message=lines[0])
    elif check.outcome is Outcome.BROKEN:
        Xml.SubElement(case, "error", message="The grader's mistake.")
    elif check.outcome is Outcome.FAILED:
        failure = Xml.SubElement(case, "failure", message=lines[0])
        failure.text = "\n".join(lines)
    return case


def _text(text: str) -> str:
    return ILLEGAL.sub("\ufffd", text)
