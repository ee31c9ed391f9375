"""A newcomer goes from an unpacked kit through all six steps to full marks."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from grader.catalog import Course
from grader.kit.contents import make_kit
from grader.kit.laying import lay
from grader.sandbox.choice import prove
from grader.sandbox.engines import find_bubblewrap

ROOT = Path(__file__).resolve().parents[2]
COURSE = Course.read(ROOT / "checkpoints")
STEPS = [step.slug for step in COURSE.steps]
QUESTION = "When is an index worth its cost?"
# Its starter holds a test that passes; what is missing, only hidden checks see.
GREEN_AT_ONCE = "fixtures"


@dataclass
class Bench:
    """A kit that somebody works in, with the grader that came with it."""

    folder: Path
    codes: dict[str, int] = field(default_factory=dict)
    """How each command of the story ended."""

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command of the kit's own grader, as ``uv run grader`` would."""
        environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
        return subprocess.run(  # our own program
            [sys.executable, "-m", "grader", *arguments],
            cwd=self.folder,
            env=environment | {"COLUMNS": "80", "PYTHONIOENCODING": "utf-8"},
            capture_output=True,
            encoding="utf-8",
            timeout=300,
            check=False,
        )

    def note(self, name: str, *arguments: str) -> str:
        """Run a command, remember how it ended, and return what it said."""
        done = self.run(*arguments)
        assert "Traceback" not in done.stderr, done.stderr
        self.codes[name] = done.returncode
        return done.stdout


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """Unpack a kit, and work through it."""
    folder = tmp_path_factory.mktemp("newcomer")
    lay(make_kit(COURSE), folder / "lab.zip")
    with zipfile.ZipFile(folder / "lab.zip") as archive:
        archive.extractall(folder)
    bench = Bench(folder / "movie-service-lab")
    try:
        work_through(bench)
        yield bench
    finally:
        bench.run("check", "engine", "--no-background")


def work_through(bench: Bench) -> None:
    """Do what the kit's README says, typing each solution."""
    bench.note("preflight", "preflight", "--question", QUESTION, "--port", "8931")
    for step in COURSE.steps:
        if step.slug == GREEN_AT_ONCE:
            bench.note(f"{step.slug} before", "check", step.slug)
            bench.note(f"{step.slug} starts", "start", step.slug)
        else:
            bench.note(f"{step.slug} starts", "start", step.slug)
            bench.note(f"{step.slug} before", "check", step.slug)
        solution = COURSE.solutions[step.slug]
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(solution, bench.folder, dirs_exist_ok=True, ignore=ignored)
        bench.note(f"{step.slug} after", "check", step.slug)
    bench.note("all", "check", "--all")
    bench.note("submit", "submit")


@pytest.fixture(scope="module")
def report(bench: Bench) -> dict[str, object]:
    """Grade in this repository what was handed in."""
    found = find_bubblewrap()
    walls = "bubblewrap" if found and prove(found) is None else "none"
    done = subprocess.run(  # our own program
        [
            *(sys.executable, "-m", "grader", "grade", "--json", "-"),
            *("--sandbox", walls, str(bench.folder / "submission.zip")),
        ],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    read: dict[str, object] = json.loads(done.stdout)
    return read


@pytest.mark.parametrize("step", STEPS)
def test_a_step_turns_green_by_its_solution(bench: Bench, step: str) -> None:
    """It is laid, it is red, and it is green once the solution is typed."""
    told = [bench.codes[f"{step} {when}"] for when in ("starts", "before", "after")]

    assert told == [0, 1, 0]


def test_the_whole_service_is_green_at_the_end(bench: Bench) -> None:
    """No step broke an earlier one, and the work can be handed in."""
    assert (bench.codes["all"], bench.codes["submit"]) == (0, 0)


def test_the_question_is_kept(bench: Bench) -> None:
    """The instructor finds it in what is handed in."""
    assert bench.codes["preflight"] in {0, 1}  # this machine may lack something
    with zipfile.ZipFile(bench.folder / "submission.zip") as archive:
        texts = [archive.read(name).decode("utf-8") for name in archive.namelist()]

    assert [text for text in texts if QUESTION in text]


def test_what_is_handed_in_earns_full_marks(report: dict[str, object]) -> None:
    """With all hidden checks, and every bonus."""
    assert (report["score"], report["max_score"], report["bonus"]) == (100, 100, 10)
    assert report["criteria"] == {"crud": True, "schema": True, "tests": True}


def test_the_students_own_tests_run_in_the_kit(bench: Bench) -> None:
    """By the second line of its README."""
    done = subprocess.run(  # the solution's tests
        [sys.executable, "-m", "pytest", "-q"],
        cwd=bench.folder,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )

    assert done.returncode == 0, done.stdout
    assert "movies.db" not in {path.name for path in bench.folder.iterdir()}


def test_a_kit_gives_no_grade(bench: Bench) -> None:
    """Its visible checks earn points, and the report says what they are worth."""
    done = bench.run("grade", ".", "--step", "engine")

    assert done.returncode == 0
    assert "these points are no grade" in " ".join(done.stdout.split())


def test_without_any_isolation_the_answers_are_the_same(bench: Bench) -> None:
    """On a machine without namespaces: green stays green, red red, the zip the same."""
    plain = ("--sandbox", "none", "--no-background")
    zipped = bench.folder / "submission.zip"
    module = bench.folder / "movie_service" / "db.py"
    before, right = zipped.read_bytes(), module.read_text("utf-8")

    green = bench.run("check", "--all", *plain).returncode
    handed_in = bench.run("submit", *plain).returncode
    after = zipped.read_bytes()
    module.write_text(right.replace('"DATABASE_URL"', '"DATABASE"'), "utf-8")
    red = bench.run("check", "engine", *plain)
    module.write_text(right, "utf-8")

    assert (green, handed_in, red.returncode) == (0, 0, 1)
    assert "DATABASE_URL named another file" in " ".join(red.stdout.split())
    assert after == before
