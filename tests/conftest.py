"""What tests of every kind share."""

from pathlib import Path

import pytest

from grader.sandbox.choice import prove
from grader.sandbox.engines import find_bubblewrap

ROOT = Path(__file__).resolve().parent.parent
COURSES = ROOT / "tests" / "assets" / "courses"


@pytest.fixture(scope="session")
def bubblewrap() -> Path:
    """Give a bubblewrap that works here, or skip with the reason why none does."""
    found = find_bubblewrap()
    problem = "bubblewrap is not installed" if found is None else prove(found)
    if found is None or problem is not None:
        pytest.skip(f"needs namespaces: {problem}")
    return found


@pytest.fixture(scope="session")
def two_steps() -> Path:
    """Give the checkpoints of a tiny course, which needs no library."""
    return COURSES / "two_steps"


@pytest.fixture(scope="session")
def right_work() -> Path:
    """Give a submission to the tiny course that is right."""
    return COURSES / "two_steps_right"
