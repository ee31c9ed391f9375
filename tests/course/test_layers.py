"""Hold the layers to their promise: laid in order, they are the finished service."""

import ast
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from grader.catalog import Course, Step
from grader.kit.checked import labs_now

ROOT = Path(__file__).resolve().parents[2]
BASELINE = ROOT / "labs" / "00_baseline"
# Beside them lie the finished notebooks, which are no layer of the service.
SOLUTIONS = sorted((ROOT / "solutions").glob("[0-9]*"))
STARTERS = [ROOT / "labs" / solution.name / "starter" for solution in SOLUTIONS]
STEPS = [solution.name for solution in SOLUTIONS]
COURSE = Course.read(ROOT / "checkpoints")
MOST_LINES = 110
IGNORED = shutil.ignore_patterns("__pycache__", "*.db")


def files(folder: Path) -> dict[str, bytes]:
    """Read a folder, leaving out what running it left behind."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".db"
    }


def lay(layers: list[Path], workspace: Path) -> Path:
    """Lay folders over each other into a workspace."""
    for layer in layers:
        shutil.copytree(layer, workspace, dirs_exist_ok=True, ignore=IGNORED)
    return workspace


@pytest.fixture(scope="module")
def troubles(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str | None]:
    """Start every workspace once, and return what went wrong in each."""
    folder = tmp_path_factory.mktemp("workspaces")
    workspaces = [lay([BASELINE], folder / "baseline")]
    for index, step in enumerate(STEPS):
        done = [BASELINE, *SOLUTIONS[:index]]
        workspaces += [
            lay([*done, STARTERS[index]], folder / f"{step} starter"),
            lay([*done, SOLUTIONS[index]], folder / f"{step} solution"),
        ]
    script = Path(__file__).with_name("boot_workspace.py")
    result = subprocess.run(  # our own script on our own layers
        [sys.executable, str(script), *map(str, workspaces)],
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    )
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    return {line["workspace"]: line["trouble"] for line in lines}


def test_all_layers_make_the_finished_service(tmp_path: Path) -> None:
    """Baseline and solutions are the project's own files, byte for byte."""
    finished = {
        f"{folder}/{name}": content
        for folder in ("movie_service", "migrations")
        for name, content in files(ROOT / folder).items()
    }
    finished["alembic.ini"] = (ROOT / "alembic.ini").read_bytes()

    laid = files(lay([BASELINE, *SOLUTIONS], tmp_path / "workspace"))

    assert sorted(laid) == sorted(finished)
    assert [name for name in laid if laid[name] != finished[name]] == []


def test_the_steps_are_numbered_without_a_gap() -> None:
    """Every solution has its lab, and the numbers run from one."""
    assert [step[:2] for step in STEPS] == [f"{n:02d}" for n in range(1, 7)]
    labs = sorted(path.name for path in (ROOT / "labs").iterdir() if path.is_dir())
    assert labs == [BASELINE.name, *STEPS]


@pytest.mark.parametrize(
    ("starter", "solution"), list(zip(STARTERS, SOLUTIONS, strict=True)), ids=STEPS
)
def test_starter_and_solution_hold_the_same_paths(
    starter: Path, solution: Path
) -> None:
    """A student edits exactly the files that the solution changes."""
    assert list(files(starter)) == list(files(solution))


@pytest.mark.parametrize("starter", STARTERS, ids=STEPS)
def test_every_starter_file_compiles_and_says_what_to_do(starter: Path) -> None:
    """Each file parses and has a TODO of its own step."""
    slug = starter.parent.name[3:]

    for name, content in files(starter).items():
        if name.endswith(".py"):
            ast.parse(content)
        assert f"TODO({slug}): ".encode() in content, name


@pytest.mark.parametrize("solution", SOLUTIONS, ids=STEPS)
def test_no_solution_leaves_anything_to_do(solution: Path) -> None:
    """A finished file has no TODO."""
    assert [name for name, text in files(solution).items() if b"TODO" in text] == []


@pytest.mark.parametrize("step", COURSE.steps, ids=STEPS)
def test_a_lab_says_when_and_for_how_many_points(step: Step) -> None:
    """Its third line is what the manifest says."""
    text = (ROOT / "labs" / step.folder.name / "README.md").read_text("utf-8")
    begins, ends = step.minutes or (0, 0)

    told = f"{ends - begins} minutes · {step.window} · {step.points:g} points"

    assert text.splitlines()[:3] == [text.splitlines()[0], "", told]


def test_every_lab_lists_its_visible_checks() -> None:
    """What is checked is what ``grader labs`` writes now."""
    texts = labs_now(COURSE, ROOT / "labs")

    assert {str(p): p.read_text("utf-8") for p in texts} == {
        str(path): text for path, text in texts.items()
    }
    first = texts[ROOT / "labs" / "01_engine" / "README.md"]
    assert "- A session opens and answers a query." in first


@pytest.mark.parametrize("step", STEPS)
def test_a_lab_fits_two_screens_and_shows_a_picture(step: str) -> None:
    """Whoever reads it has ten minutes for the step."""
    lines = (ROOT / "labs" / step / "README.md").read_text("utf-8").splitlines()

    assert len(lines) <= MOST_LINES
    assert "```mermaid" in lines


@pytest.mark.parametrize("step", STEPS)
def test_every_lab_has_the_same_sections(step: str) -> None:
    """A README leads from the goal to what is checked."""
    text = (ROOT / "labs" / step / "README.md").read_text(encoding="utf-8")

    assert [line[3:] for line in text.splitlines() if line.startswith("## ")] == [
        "Goal",
        "Change these files",
        "Try it",
        "Quick win",
        "When it goes wrong",
        "What is checked",
        "AI prompt seeds",
    ]


@pytest.mark.parametrize(
    "workspace",
    [
        "baseline",
        *(f"{step} {kind}" for step in STEPS for kind in ("starter", "solution")),
    ],
)
def test_every_workspace_starts(
    troubles: dict[str, str | None], workspace: str
) -> None:
    """Each state of the course imports, answers, migrates and passes its tests."""
    assert troubles[workspace] is None


def test_the_data_model_page_is_up_to_date(tmp_path: Path) -> None:
    """The page is what the command writes now."""
    page = tmp_path / "data-model.md"

    subprocess.run(  # our own command
        [sys.executable, "-m", "movie_service.cli", "er", "--output", str(page)],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )

    kept = ROOT / "docs" / "contracts" / "data-model.md"
    assert kept.read_text(encoding="utf-8") == page.read_text(encoding="utf-8")
