"""Notebooks run in the sandbox: right ones earn their points, hostile ones nothing."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from grader.bench import Opened, open_stage
from grader.catalog import Course
from grader.grading import Options, grade
from grader.report import Outcome, Report
from grader.sandbox.engines import Engine, PlainEngine
from grader.sandbox.limits import Limits
from grader.sandbox.stage import Stage
from grader.submission.layout import find_layout
from grader.submission.opening import Submission
from grader.submission.tree import Tree

ASSETS = Path(__file__).parent.parent / "assets"
COURSE = ASSETS / "courses" / "one_notebook"
NAME = "doubling.ipynb"
ATTACKS = sorted(path.stem for path in (ASSETS / "notebook_attacks").glob("*.py"))
Grade = Callable[[dict[str, str]], Report]


@pytest.fixture(scope="module")
def course() -> Course:
    """Give a course with one graded notebook."""
    return Course.read(COURSE / "checkpoints")


@pytest.fixture(scope="module")
def stage(isolation: Engine, course: Course) -> Iterator[Stage]:
    """Give a stage that is quick to lose patience."""
    limits = Limits(cell_s=1, notebook_s=2)
    with open_stage(course, isolation, limits=limits) as stage:
        yield stage


@pytest.fixture
def grade_answers(stage: Stage, course: Course) -> Grade:
    """Grade the notebook with these answers in their cells."""

    def run(answers: dict[str, str]) -> Report:
        return grade_file(stage, course, filled(answers))

    return run


def filled(answers: dict[str, str]) -> bytes:
    """Write answers into the cells of the blank notebook."""
    notebook = json.loads((COURSE / "notebooks" / NAME).read_text("utf-8"))
    for cell in notebook["cells"]:
        cell["source"] = answers.get(cell["id"], cell["source"])
    return json.dumps(notebook).encode()


def finished() -> dict[str, str]:
    """Read the right answers."""
    notebook = json.loads((COURSE / "finished" / NAME).read_text("utf-8"))
    cells = {cell["id"]: "".join(cell["source"]) for cell in notebook["cells"]}
    return {name: cells[name] for name in ("double", "store")}


def grade_file(stage: Stage, course: Course, content: bytes) -> Report:
    """Grade a submission that holds nothing but the notebook."""
    return grade_files(stage, course, {f"notebooks/{NAME}": content})


def grade_files(stage: Stage, course: Course, files: dict[str, bytes]) -> Report:
    """Grade a submission that holds nothing but notebooks."""
    tree = Tree(files)
    submission = Submission("tree", "folder", tree, None, ())
    opened = Opened(submission, find_layout(tree, course.roles))
    return grade(course, stage, opened, Options(steps=("doubling",)))


def outcomes(report: Report) -> dict[str, Outcome]:
    """Map the notebook's checks to what came of them."""
    return {
        check.id.partition(".")[2]: check.outcome for check in report.practice[0].checks
    }


def test_right_answers_earn_their_points_and_no_others(grade_answers: Grade) -> None:
    """They stand beside the steps' points."""
    report = grade_answers(finished())

    assert (report.practice[0].score, report.practice[0].max_score) == (4, 4)
    assert (report.score, report.max_score) == (0, 0)


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_gains_nothing(grade_answers: Grade, attack: str) -> None:
    """It earns nothing, is nobody's fault but its own, and leaves no mark."""
    answer = (ASSETS / "notebook_attacks" / f"{attack}.py").read_text("utf-8")

    report = grade_answers({"double": answer})
    after = grade_answers(finished())

    assert report.practice[0].score == 0
    assert set(outcomes(report).values()) <= {Outcome.PASSED, Outcome.FAILED}
    assert outcomes(report)["doubles"] is Outcome.FAILED
    assert "<script" not in report.as_json()
    assert len(report.as_json()) < 50_000
    assert after.practice[0].score == 4


def test_an_endless_cell_costs_only_its_own_points(grade_answers: Grade) -> None:
    """It is interrupted, and the next one runs."""
    report = grade_answers(finished() | {"double": "while True:\n    pass"})

    assert outcomes(report)["doubles"] is Outcome.FAILED
    assert outcomes(report)["stores"] is Outcome.PASSED


def test_an_endless_function_costs_only_its_own_points(grade_answers: Grade) -> None:
    """The question is given up, and the next one is answered."""
    endless = "def double(number):\n    while True:\n        pass"

    report = grade_answers(finished() | {"double": endless})

    assert outcomes(report)["doubles"] is Outcome.FAILED
    assert outcomes(report)["stores"] is Outcome.PASSED


def test_a_blank_notebook_starts_no_kernel(
    grade_answers: Grade, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is seen from its text, and said in one line."""
    monkeypatch.setattr(stage, "prepare", None)

    report = grade_answers({})

    assert report.practice == ()
    assert [note for note in report.submission.notes if "as they came" in note]


def test_one_blank_cell_is_told_without_running_it(grade_answers: Grade) -> None:
    """The other one earns its points."""
    report = grade_answers({"double": finished()["double"]})

    told = {check.id: check.message for check in report.practice[0].checks}
    assert report.practice[0].score == 2
    assert "The cell store is as it came" in told["doubling.stores"]


def test_checks_and_cells_not_graded_do_not_run(grade_answers: Grade) -> None:
    """What a student writes into them is not even read."""
    spoilt = {"double-check": "1 / 0", "left-out": "1 / 0", "numbers": "1 / 0"}

    report = grade_answers(finished() | spoilt)

    assert report.practice[0].score == 4


def test_answers_are_graded_without_isolation_too(course: Course) -> None:
    """Whoever grades the folder they stand in may have no namespaces."""
    with open_stage(course, PlainEngine()) as stage:
        report = grade_file(stage, course, filled(finished()))

    assert report.practice[0].score == 4


def test_a_copy_elsewhere_does_not_count(stage: Stage, course: Course) -> None:
    """The folder that the course names goes before others of the alphabet."""
    copies = {f"backup/{NAME}": filled({}), f"notebooks/{NAME}": filled(finished())}

    report = grade_files(stage, course, copies)

    assert report.practice[0].score == 4


def test_a_python_without_jupyter_is_told(
    stage: Stage, course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Answers are not graded, and nobody loses a point for it."""
    monkeypatch.setattr(stage, "prepare", lambda _: {"nbclient": "not there"})

    report = grade_file(stage, course, filled(finished()))

    assert report.practice == ()
    assert [warning for warning in report.warnings if "uv sync" in warning]
