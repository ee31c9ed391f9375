"""Collect the checks of a course without running any."""

import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from grader import plugin
from grader.bench import Opened, sandbox_for
from grader.catalog import Course
from grader.errors import GraderFault
from grader.sandbox.engines import PlainEngine
from grader.sandbox.interpreter import inspect
from grader.sandbox.limits import Limits
from grader.sandbox.stage import Plan, Stage
from grader.submission.layout import find_layout
from grader.submission.opening import Submission
from grader.submission.tree import Tree
from grader.suites import run_pytest

from .gaps import listed

Checks = Mapping[str, plugin.Expected]
"""Id to check, in the order of the report."""


def collect(course: Course) -> Checks:
    """Import the suites and list their checks.

    Raises:
        GraderFault: if a suite cannot be collected, or a step has no check.
    """
    session = _idle_session(course)
    graded = (*course.steps, *course.practice)
    paths = [str(path) for step in graded for path in step.suites().values()]
    try:
        problem = run_pytest(session, course.folder, paths, "--collect-only")
    except pytest.Session.Interrupted as stop:  # how pytest gives up collecting
        problem = str(stop)
    if problem:
        raise GraderFault(
            problem=f"The suites cannot be collected: {problem}",
            next_step="Collect them by hand: pytest --collect-only CHECKPOINT.",
        )
    _require_checks(course, session.expected)
    return session.expected


def _require_checks(course: Course, found: Checks) -> None:
    having = {check.step for check in found.values()}
    empty = [step.slug for step in course.steps if step.slug not in having]
    if empty:
        raise GraderFault(
            problem=f"There is no check in {listed(empty)}.",
            next_step="Write a test_visible.py or a test_hidden.py for each step.",
        )


def _idle_session(course: Course) -> plugin.Session:
    """Give the plugin a stage that is never started: collecting asks nothing."""
    idle = Stage(PlainEngine(), inspect(Path(sys.executable)), Plan(), Limits())
    nothing = Submission("nothing", "folder", Tree({}), None, ())
    opened = Opened(nothing, find_layout(nothing.tree, course.roles))
    return plugin.Session(course, sandbox_for(course, idle, opened, seed=0))
