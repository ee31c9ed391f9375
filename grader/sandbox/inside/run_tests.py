"""Run the submission's own tests with pytest and list how each one went."""

import contextlib
import gc
import importlib
import os
from types import ModuleType
from typing import Any

from .child import Box

TEXT_LIMIT = 1_500
# Plugins that cost time and change no outcome; looking for others costs more still.
UNUSED = (
    *("cacheprovider", "debugging", "doctest", "faulthandler", "junitxml"),
    *("pastebin", "setuponly", "setupplan", "stepwise"),
    *("threadexception", "unraisableexception"),
)
OPTIONS = (
    *(part for name in UNUSED for part in ("-p", f"no:{name}")),
    *("-q", "--no-header", "--tb=line", "--assert=plain"),
    *("-o", "addopts="),  # theirs may need plugins
)


class Listener:
    """Collect one outcome a test, in the order and selection that was asked for."""

    def __init__(self, only: list[str], first: list[str]):
        self.only = frozenset(only)
        self.ranks = {name: rank for rank, name in enumerate(first)}
        self.overrides_left = 0
        self.outcomes: dict[str, dict[str, Any]] = {}
        self.collection_errors: list[str] = []

    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        """Choose the tests, and put them into the order that was asked for."""
        if self.only:
            items[:] = [item for item in items if item.nodeid in self.only]
        if self.ranks:
            last = len(self.ranks)
            items.sort(key=lambda item: self.ranks.get(item.nodeid, last))

    def pytest_collectreport(self, report: Any) -> None:
        """Note a module that could not be collected."""
        if report.failed:
            self.collection_errors.append(str(report.longrepr)[-TEXT_LIMIT:])

    def pytest_exception_interact(self, node: Any, call: Any, report: Any) -> None:
        """Note what kind of error ended a test."""
        identity = getattr(node, "nodeid", "")
        entry = self.outcomes.setdefault(identity, {"outcome": "failed"})
        if call.excinfo is not None:
            entry["error"] = call.excinfo.typename
            entry["text"] = str(call.excinfo.value)[:TEXT_LIMIT]
        entry["phase"] = getattr(report, "when", "collect")

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Keep the worst of a test's three phases."""
        entry = self.outcomes.setdefault(report.nodeid, {"outcome": "passed"})
        entry["duration_s"] = entry.get("duration_s", 0.0) + report.duration
        if report.failed:
            entry["outcome"] = "failed" if report.when == "call" else "error"
            entry.setdefault("phase", report.when)
        elif report.skipped and entry["outcome"] == "passed":
            entry["outcome"] = "xfailed" if hasattr(report, "wasxfail") else "skipped"

    def pytest_sessionfinish(self) -> None:
        """Count the dependency overrides that are still in force."""
        self.overrides_left = sum(
            len(found.dependency_overrides)
            for found in gc.get_objects()
            if type(found).__name__ == "FastAPI"
            and isinstance(getattr(found, "dependency_overrides", None), dict)
        )


def run_tests(box: Box, arguments: list[str], choice: dict[str, Any]) -> object:
    """Run pytest in the project; return the outcomes by test, in their order."""
    import pytest

    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"  # its option is too new
    listener = Listener(**choice)
    plugins = [listener, *_asynchronous()]
    status = pytest.main([*OPTIONS, *arguments], plugins=plugins)
    return {
        "exit_code": int(status),
        "tests": [{"name": name, **entry} for name, entry in listener.outcomes.items()],
        "collection_errors": listener.collection_errors[:5],
        "overrides_left": listener.overrides_left,
        "project": box.project,
    }


def _asynchronous() -> list[ModuleType]:
    """Give the plugin itself: by its name, pytest would look through all packages."""
    with contextlib.suppress(ImportError):
        return [importlib.import_module("anyio.pytest_plugin")]
    return []
