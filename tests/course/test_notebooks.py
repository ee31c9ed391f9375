"""Hold the notebooks to their promises: as data, run plainly, and graded."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import nbformat
import pytest

from grader.catalog import Course, Practice
from grader.report import Outcome, Report
from grader.submission.notebook import Cell, read_cells, title_of
from grader.submission.tree import Tree

ROOT = Path(__file__).resolve().parents[2]
COURSE = Course.read(ROOT / "checkpoints")
SOURCE, FINISHED = ROOT / "notebooks", ROOT / "solutions" / "notebooks"
NAMES = sorted(path.stem for path in SOURCE.glob("*.ipynb"))
PRACTICE = {practice.slug: practice for practice in COURSE.practice}
CHECKED = "-check"
Grade = Callable[..., Report]


def cells(folder: Path, name: str) -> tuple[Cell, ...]:
    """Read a notebook's cells as the grader does."""
    return read_cells((folder / f"{name}.ipynb").read_bytes())


def answers(name: str) -> list[str]:
    """Name the answer cells of a notebook."""
    return [cell.name for cell in cells(SOURCE, name) if cell.is_answer]


def submission(folder: Path, *names: str) -> Tree:
    """Lay notebooks beside the finished service."""
    files = {
        f"notebooks/{name}.ipynb": (folder / f"{name}.ipynb").read_bytes()
        for name in names
    }
    return COURSE.reference().overlay(files)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("folder", [SOURCE, FINISHED], ids=["blank", "finished"])
def test_a_notebook_is_valid_and_holds_no_outputs(folder: Path, name: str) -> None:
    """Other tools can read it, and a difference shows what somebody wrote."""
    notebook = json.loads((folder / f"{name}.ipynb").read_text("utf-8"))

    nbformat.validate(notebook)
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    shown = [c["id"] for c in code if c["outputs"] or c["execution_count"]]
    assert shown == []


@pytest.mark.parametrize("name", NAMES)
def test_only_answers_differ_in_the_finished_notebook(name: str) -> None:
    """Everything else is the same, and every answer is another."""
    blank = json.loads((SOURCE / f"{name}.ipynb").read_text("utf-8"))
    finished = json.loads((FINISHED / f"{name}.ipynb").read_text("utf-8"))

    pairs = zip(blank.pop("cells"), finished.pop("cells"), strict=True)
    differing = [
        a["id"] for a, b in pairs if a != b and a | {"source": b["source"]} == b
    ]
    assert blank == finished
    assert differing == answers(name)


@pytest.mark.parametrize("name", NAMES)
def test_every_answer_is_followed_by_a_check(name: str) -> None:
    """Students see at every stop whether they may go on."""
    code = [cell for cell in cells(SOURCE, name) if cell.kind == "code"]
    after = {a.name: b for a, b in pairwise(code) if a.is_answer}

    assert answers(name)
    assert [name for name in after if not after[name].is_check] == []
    assert [n for n, cell in after.items() if cell.name != f"{n}{CHECKED}"] == []
    assert [c.name for c in after.values() if c.tags != ("raises-exception",)] == []


def test_every_notebook_is_graded_by_a_step() -> None:
    """Its name, title and points are in one checkpoint's manifest."""
    assert sorted(PRACTICE) == NAMES
    assert {n: title_of(cells(SOURCE, n)) for n in NAMES} == {
        name: practice.title for name, practice in PRACTICE.items()
    }


def test_finished_notebooks_run_from_top_to_bottom(tmp_path: Path) -> None:
    """As Jupyter runs them; they leave no file behind."""
    copy = shutil.copytree(FINISHED, tmp_path / "notebooks")
    paths = sorted(map(str, copy.glob("*.ipynb")))
    command = [sys.executable, "-m", "jupyter", "execute", "--timeout=120", *paths]
    environment = {**os.environ, "IPYTHONDIR": str(tmp_path)}

    done = subprocess.run(command, capture_output=True, env=environment, check=False)

    assert done.returncode == 0, done.stderr.decode()[-3_000:]
    assert sorted(path.name for path in copy.iterdir()) == [f"{n}.ipynb" for n in NAMES]


def test_blank_notebooks_run_from_top_to_bottom(tmp_path: Path) -> None:
    """A missing answer makes its own check raise, and no other cell."""
    script = Path(__file__).with_name("run_cells.py")
    paths = [str(SOURCE / f"{name}.ipynb") for name in NAMES]

    done = subprocess.run(
        [sys.executable, str(script), *paths],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=True,
    )

    assert done.stdout == ""


@pytest.mark.parametrize("name", NAMES)
def test_a_finished_notebook_earns_full_marks(grade_tree: Grade, name: str) -> None:
    """Its points are those of its own check cells, cell by cell."""
    points = {
        cell.name.removesuffix(CHECKED).replace("-", "_"): cell.points
        for cell in cells(SOURCE, name)
        if cell.is_check
    }

    (practice,) = grade_tree(submission(FINISHED, name), name).practice

    told = {c.id.partition(".")[2]: c.max_points for c in practice.checks}
    assert told == {"handed_in": 0} | points
    assert [c.message for c in practice.checks if c.outcome != Outcome.PASSED] == []
    assert practice.score == practice.max_score == PRACTICE[name].points


def test_blank_notebooks_earn_nothing(grade_tree: Grade) -> None:
    """They are not even graded, and one line says so."""
    report = grade_tree(submission(SOURCE, *NAMES), *NAMES)

    assert report.practice == ()
    assert [note for note in report.submission.notes if "as they came" in note]


def test_a_missing_notebook_is_one_failure(grade_tree: Grade) -> None:
    """What is there is graded, and of what is not one check says so."""
    here, missing = "02_micro_demo", "04_storage_choice"

    report = grade_tree(submission(FINISHED, here), here, missing)

    found = {practice.slug: practice for practice in report.practice}
    outcomes = [check.outcome for check in found[missing].checks]
    assert found[here].score == found[here].max_score
    assert outcomes[0] is Outcome.FAILED
    assert set(outcomes[1:]) == {Outcome.SKIPPED}


def test_steps_keep_their_points_without_a_notebook() -> None:
    """A hundred points, whoever hands in notebooks or not."""
    assert sum(step.points for step in COURSE.steps) == 100
    assert not any(isinstance(step, Practice) for step in COURSE.steps)
