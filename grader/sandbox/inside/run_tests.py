"""Run the submission's own tests with pytest and list how each one went."""

import random
from typing import Any

from .child import Box

TEXT_LIMIT = 1_500


class Listener:
    """Collect one outcome a test, and optionally shuffle the tests."""

    def __init__(self, order: str, seed: int) -> None:
        self.order = order
        self.seed = seed
        self.outcomes: dict[str, dict[str, Any]] = {}
        self.collection_errors: list[str] = []

    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        """Put the tests into the order that was asked for."""
        if self.order == "reversed":
            items.reverse()
        elif self.order == "random":
            random.Random(self.seed).shuffle(items)  # noqa: S311 - an order, no secret

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
        if report.failed:
            entry["outcome"] = "failed" if report.when == "call" else "error"
            entry.setdefault("phase", report.when)
        elif report.skipped and entry["outcome"] == "passed":
            entry["outcome"] = "xfailed" if hasattr(report, "wasxfail") else "skipped"


def run_tests(box: Box, arguments: list[str], order: str, seed: int) -> object:
    """Run pytest in the project; return the outcomes by test, in their order."""
    import pytest

    listener = Listener(order, seed)
    options = ["-p", "no:cacheprovider", "-q", "--no-header", "--tb=line"]
    options += ["--assert=plain", "-o", "addopts="]  # theirs may need plugins
    status = pytest.main([*options, *arguments], plugins=[listener])
    return {
        "exit_code": int(status),
        "tests": [
            {"name": name, **entry} for name, entry in listener.outcomes.items()
        ],
        "collection_errors": listener.collection_errors[:5],
        "project": box.project,
    }
