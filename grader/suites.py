"""Run a course's suites with pytest in this process; judge nothing by its exit code."""

import contextlib
import io
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import ModuleType

import pytest

from . import plugin
from .asking.project import Sandbox
from .catalog import Course, Step
from .errors import GraderError, GraderFault
from .report import CheckReport

UNUSED = (
    *("cacheprovider", "doctest", "unittest", "junitxml", "pastebin", "logging"),
    *("debugging", "faulthandler", "stepwise", "setuponly"),
    *("threadexception", "unraisableexception", "warnings"),
)
QUIET = (
    *(part for name in UNUSED for part in ("-p", f"no:{name}")),
    *("--disable-plugin-autoload", "--import-mode=importlib", "--assert=plain"),
    *("-p", "grader.plugin", "-q", "--no-header", "--no-summary", "--capture=no"),
    *("-c", os.devnull),
)
SHOWN = 3_000

Raised = pytest.ExceptionInfo[BaseException]


class Hand:
    """Hand a session to the plugin, and keep what pytest would only print."""

    def __init__(self, session: plugin.Session) -> None:
        self.session = session
        self.fault: BaseException | None = None
        self.uncollected = ""

    @pytest.hookimpl(tryfirst=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        """Put the session where the plugin looks for it."""
        config.stash[plugin.SESSION] = self.session

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Note a suite that cannot be read."""
        if report.failed and not self.uncollected:
            lines = report.longreprtext.strip().splitlines()
            errors = [line[1:].strip() for line in lines if line.startswith("E ")]
            self.uncollected = f"{report.nodeid}: {' '.join(errors or lines[-1:])}"

    def pytest_internalerror(
        self, excinfo: pytest.ExceptionInfo[BaseException]
    ) -> None:
        """Keep an error of the plugin."""
        self.fault = excinfo.value

    def pytest_keyboard_interrupt(
        self, excinfo: pytest.ExceptionInfo[BaseException]
    ) -> None:
        """Keep a person's interruption; pytest interrupts itself with another kind."""
        if excinfo.type is KeyboardInterrupt:
            self.fault = excinfo.value


def run_suites(
    course: Course,
    sandbox: Sandbox,
    steps: Sequence[Step],
    on_check: Callable[[str, str], None],
    patience_s: float = plugin.PATIENCE_S,
) -> dict[str, tuple[CheckReport, ...]]:
    """Run the suites of the steps; return each step's checks in the suites' order.

    Raises:
        GraderFault: if not every check that was collected reported.
    """
    session = plugin.Session(course, sandbox, deadline=time.monotonic() + patience_s)

    def announce(identity: str) -> None:
        on_check(identity, session.expected[identity].facts.title)

    session.on_start = announce
    paths = [str(path) for step in steps for path in step.suites().values()]
    with contextlib.closing(sandbox):
        problem = run_pytest(session, course.folder, paths)
    missing = sorted(set(session.expected) - set(session.results))
    if problem or missing or not session.expected:
        told = problem or f"no result of {', '.join(missing) or 'any check'}"
        raise GraderFault(
            problem=f"The suites did not run to their end: {told}",
            next_step="Run them by hand: pytest CHECKPOINT --submission PATH.",
        )
    found: dict[str, list[CheckReport]] = {step.slug: [] for step in steps}
    for identity, expected in session.expected.items():
        found[expected.step].append(session.results[identity])
    return {slug: tuple(checks) for slug, checks in found.items()}


def run_pytest(
    session: plugin.Session, folder: Path, paths: Sequence[str], *more: str
) -> str:
    """Run pytest in this process, with more of its options; return why it could not.

    Raises:
        GraderError: if the plugin raised one.
        KeyboardInterrupt: if somebody interrupted it.
    """
    hand = Hand(session)
    printed = io.StringIO()
    arguments = [*QUIET, "--rootdir", str(folder), "--confcutdir", str(folder)]
    with (
        contextlib.redirect_stdout(printed),
        contextlib.redirect_stderr(printed),
        _suites_forgotten(folder),
    ):
        status = pytest.main([*arguments, *more, *paths], plugins=[hand])
    if isinstance(hand.fault, GraderError | KeyboardInterrupt):
        raise hand.fault
    if hand.fault is not None:
        return f"{type(hand.fault).__name__}: {hand.fault}"
    if hand.uncollected:
        return hand.uncollected[-SHOWN:]
    ran = {pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED}
    return "" if status in ran else printed.getvalue()[-SHOWN:].strip()


@contextlib.contextmanager
def _suites_forgotten(folder: Path) -> Iterator[None]:
    """Let go of a course's modules: those of another may have the same names."""
    try:
        yield
    finally:
        # All are found before any goes: a package inside another asks for its parent.
        for name in [n for n, module in sys.modules.items() if _lies(module, folder)]:
            del sys.modules[name]


def _lies(module: ModuleType, folder: Path) -> bool:
    place = getattr(module, "__file__", None) or next(
        iter(getattr(module, "__path__", ())), None
    )
    return place is not None and Path(place).is_relative_to(folder)
