"""Tell which steps a variant cannot change."""

from pathlib import Path

import pytest

from grader.bench import Opened
from grader.submission.layout import find_layout
from grader.submission.opening import Submission
from grader.submission.roles import Role
from grader.submission.tree import Tree
from grader.verifying.reuse import unchanged_steps
from grader.verifying.settings import Settings, StepSettings

ROLES = (
    Role("app", "service/main.py", ("call:FastAPI*4",)),
    Role("tests", "service/tests/", ("file:test_*.py*5",)),
)
FINISHED = {
    "service/__init__.py": b"",
    "service/main.py": b"app = FastAPI()\n",
    "service/tests/test_it.py": b"def test_it(): pass\n",
    "pytest.ini": b"[pytest]\n",
}
SETTINGS = Settings(
    rejects=0,
    accepts=0,
    baseline=Path(),
    solutions=Path(),
    labs=Path(),
    steps={
        "all": StepSettings(),
        "crud": StepSettings(ignores=("tests",)),
        "tests": StepSettings(inputs=("tests", "*.ini", "*conftest.py")),
    },
)


def opened(files: dict[str, bytes]) -> Opened:
    """Open some files as a submission."""
    tree = Tree(files)
    return Opened(Submission("it", "folder", tree, None, ()), find_layout(tree, ROLES))


@pytest.mark.parametrize(
    ("changed", "unchanged"),
    [
        ({"service/main.py": b"app = FastAPI(title='T')\n"}, ("tests",)),
        ({"service/more.py": b""}, ("tests",)),
        ({"service/tests/test_it.py": b"def test_me(): pass\n"}, ("crud",)),
        ({"service/tests/conftest.py": b""}, ("crud",)),
        ({"pytest.ini": b"[pytest]\naddopts = -x\n"}, ()),
        ({"conftest.py": b""}, ()),
    ],
)
def test_a_step_is_unchanged_while_what_decides_it_is(
    changed: dict[str, bytes], unchanged: tuple[str, ...]
) -> None:
    """A step that declares nothing never is."""
    variant = opened(FINISHED | changed)

    assert unchanged_steps(SETTINGS, opened(FINISHED), variant) == unchanged


def test_another_layout_changes_every_step() -> None:
    """The same tests in another place may come out differently."""
    moved = {path.replace("service", "app"): text for path, text in FINISHED.items()}

    assert unchanged_steps(SETTINGS, opened(FINISHED), opened(moved)) == ()
