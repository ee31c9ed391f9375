"""How a submission's own tests are run: which count, in which order, told how."""

import pytest

from grader.asking.own_tests import Run, decode_run
from grader.asking.project import TESTS
from grader.sandbox.stage import Lodging, Stage

WRITTEN = """
import pytest

@pytest.fixture
def anyio_backend():
    return "asyncio"

def test_first():
    assert True

@pytest.mark.anyio
async def test_asynchronous(tmp_path):
    assert tmp_path.is_dir()

@pytest.mark.anyio
async def test_asynchronous_and_wrong():
    raise KeyError("title")

@pytest.mark.skip
def test_skipped():
    assert False
"""


def run_there(stage: Stage, **choice: list[str]) -> Run:
    """Run the tests above in a world of their own."""
    with stage.world({"test_written.py": WRITTEN.encode()}, Lodging()) as world:
        wanted = {"only": [], "first": [], **choice}
        asked = {"arguments": ["."], "choice": wanted}
        return decode_run(world.ask(TESTS, "run_tests", asked, timeout_s=60))


def outcomes(run: Run) -> dict[str, str]:
    """Give each test's outcome by its function, in the order of the run."""
    return {name.partition("::")[2]: test.outcome for name, test in run.tests.items()}


def test_asynchronous_tests_are_run_too(stage: Stage) -> None:
    """They run on what FastAPI brings along, and fail for what they raise."""
    run = run_there(stage)

    assert outcomes(run) == {
        "test_first": "passed",
        "test_asynchronous": "passed",
        "test_asynchronous_and_wrong": "failed",
        "test_skipped": "skipped",
    }
    (wrong,) = run.red
    assert (wrong.error, wrong.phase) == ("KeyError", "call")


@pytest.mark.parametrize("choice", ["only", "first"])
def test_tests_are_chosen_and_put_first(stage: Stage, choice: str) -> None:
    """The rest is left out, or comes after in the order in which it is written."""
    run = run_there(stage, **{choice: ["test_written.py::test_asynchronous"]})

    rest = ["test_first", "test_asynchronous_and_wrong", "test_skipped"]
    expected = ["test_asynchronous", *(rest if choice == "first" else ())]
    assert list(outcomes(run)) == expected
