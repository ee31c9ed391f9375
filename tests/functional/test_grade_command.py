"""``grader grade`` ends with a report or with two sentences, never with a traceback."""

import json
import subprocess
import sys
import venv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from grader import cli
from grader.commands import grade as grade_room
from grader.report import json_schema
from grader.sandbox import choice

ROOT = Path(__file__).resolve().parents[2]
Grade = Callable[..., int]


@pytest.fixture
def grade(two_steps: Path) -> Grade:
    """Grade with the tiny course, without a sandbox unless told otherwise."""

    def run(submission: Path | str, *options: str) -> int:
        chosen = () if "--sandbox" in options else ("--sandbox", "none")
        course = () if "--checkpoints" in options else ("--checkpoints", two_steps)
        return cli.run(["grade", *map(str, (submission, *course, *chosen, *options))])

    return run


@pytest.fixture
def work(tmp_path: Path) -> Callable[[str], Path]:
    """Make a submission of one file."""

    def write(source: str) -> Path:
        folder = tmp_path / "work"
        folder.mkdir()
        (folder / "hello.py").write_text(source, "utf-8")
        return folder

    return write


@pytest.fixture
def course(tmp_path: Path) -> Callable[[str], Path]:
    """Make a course of one step whose hidden suite has this body."""

    def write(suite: str) -> Path:
        step = tmp_path / "course" / "01_greet"
        step.mkdir(parents=True)
        manifest = 'title = "Greet"\npoints = 1\n'
        (step / "checkpoint.toml").write_text(manifest, "utf-8")
        head = "from grader.checks import Project, check, fail\n\n\n"
        (step / "test_hidden.py").write_text(head + suite, "utf-8")
        return step.parent

    return write


def without_durations(value: Any) -> Any:
    """Drop what may differ between two runs."""
    if isinstance(value, dict):
        kept = {k: v for k, v in value.items() if k != "duration_s"}
        return {key: without_durations(inner) for key, inner in kept.items()}
    return [without_durations(v) for v in value] if isinstance(value, list) else value


def test_right_work_earns_full_marks_in_the_sandbox(
    grade: Grade,
    right_work: Path,
    bubblewrap: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The report names the sandbox, and warns of nothing."""
    assert grade(right_work, "--sandbox", "auto") == 0

    shown = capsys.readouterr().out
    assert "5 / 5" in shown
    assert "bubblewrap sandbox" in shown
    assert "isolation" not in shown


def test_the_report_is_written_whole(
    grade: Grade, right_work: Path, tmp_path: Path
) -> None:
    """It fits its schema, and nothing unfinished lies beside it."""
    target = tmp_path / "report.json"

    assert grade(right_work, "--json", str(target), "--seed", "7") == 0

    report = json.loads(target.read_text("utf-8"))
    jsonschema.validate(report, json_schema())
    assert (report["score"], report["grader"]["seed"]) == (5.0, 7)
    assert [path.name for path in tmp_path.iterdir()] == ["report.json"]


def test_the_report_can_go_to_standard_output(
    grade: Grade, right_work: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What a person reads then goes to standard error."""
    assert grade(right_work, "--json", "-") == 0

    captured = capsys.readouterr()
    assert json.loads(captured.out)["score"] == 5.0
    assert "5 / 5" in captured.err


def test_the_same_seed_gives_the_same_report(
    grade: Grade, right_work: Path, tmp_path: Path
) -> None:
    """Durations apart, a report can be made again."""
    paths = [tmp_path / "first.json", tmp_path / "second.json"]
    for path in paths:
        grade(right_work, "--json", str(path), "--seed", "3")

    first, second = (json.loads(path.read_text("utf-8")) for path in paths)

    assert without_durations(first) == without_durations(second)


def test_inputs_are_drawn_afresh_without_a_seed(
    grade: Grade, right_work: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A canned answer for one seed is no answer for the next run."""
    seeds = set()
    for _ in range(2):
        grade(right_work, "--json", "-")
        seeds.add(json.loads(capsys.readouterr().out)["grader"]["seed"])

    assert len(seeds) == 2


def test_only_the_chosen_step_is_graded(
    grade: Grade, right_work: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Naming a step twice grades it once; a prerequisite elsewhere is not asked for."""
    grade(right_work, "--step", "count", "--step", "count", "--json", "-")

    report = json.loads(capsys.readouterr().out)
    assert [step["slug"] for step in report["steps"]] == ["count"]
    assert (report["score"], report["criteria"]) == (
        2.0,
        {"words": None, "numbers": True},
    )


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--step", "grete"], 'Did you mean "greet"?'),
        (["--sandbox", "docker"], "docker"),
        (["--policy", "kind"], "kind"),
        (["--seed", "many"], "--seed"),
        (["--python", "no/such/python"], "could not be run"),
        (["--checkpoints", "no/such/course"], "holds no checkpoints"),
        (["--json", "no/such/folder/report.json"], "no folder"),
        (["--json", "."], "is a folder"),
        (["--unknown"], "unknown"),
    ],
)
def test_misuse_is_said_and_ends_with_2(
    grade: Grade,
    right_work: Path,
    capsys: pytest.CaptureFixture[str],
    options: list[str],
    said: str,
) -> None:
    """Nothing is graded, and there is no traceback."""
    assert grade(right_work, *options) == 2

    captured = capsys.readouterr()
    assert said in captured.err
    assert "Traceback" not in captured.err
    assert captured.out == ""


@pytest.mark.parametrize("kind", ["absent", "empty", "text"])
def test_what_cannot_be_graded_ends_with_2(
    grade: Grade, tmp_path: Path, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    """No such path, an empty folder, a file that is no zip."""
    path = tmp_path / kind
    if kind == "empty":
        path.mkdir()
    elif kind == "text":
        path.write_text("not a zip", "utf-8")

    assert grade(path) == 2
    assert capsys.readouterr().err.startswith("Error: ")


@pytest.mark.parametrize(
    "source",
    ["def greet(:", "raise SystemExit(0)", "import no_such_package", "1 / 0", ""],
)
def test_work_that_cannot_be_imported_is_graded(
    grade: Grade,
    work: Callable[[str], Path],
    capsys: pytest.CaptureFixture[str],
    source: str,
) -> None:
    """The report says why; the command has done its work."""
    assert grade(work(source)) == 0

    shown = capsys.readouterr().out
    assert "0 / 5" in shown
    assert "2 checks (2 points) skipped until this passes" in " ".join(shown.split())


def test_foreign_text_reaches_the_report_as_text(
    grade: Grade, work: Callable[[str], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither markup nor escape sequences nor half characters do anything."""
    evil = "raise ValueError('[/x] \\x1b]8;;http://evil \\ud800')"

    assert grade(work(evil), "--json", "-", "--verbose") == 0

    captured = capsys.readouterr()
    assert "[/x] \ufffd]8;;http://evil" in " ".join(captured.err.split())
    assert json.loads(captured.out)["score"] == 0.0


def test_a_broken_check_is_our_fault_and_still_reported(
    grade: Grade,
    right_work: Path,
    course: Callable[[str], Path],
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The report is shown and written; the exit code says not to trust it."""
    suite = '@check(points=1)\ndef test_x(project: Project) -> None:\n    """It."""\n'

    status = grade(
        right_work, "--json", "-", "--checkpoints", str(course(suite + "    {}['x']\n"))
    )

    captured = capsys.readouterr()
    assert status == 3
    assert "grader's mistake" in " ".join(captured.err.split())
    (found,) = json.loads(captured.out)["steps"][0]["checks"]
    assert (found["outcome"], found["points"]) == ("broken", 0.0)


def test_a_check_that_cannot_be_asked_is_skipped_and_says_why(
    grade: Grade,
    right_work: Path,
    course: Callable[[str], Path],
    capsys: pytest.CaptureFixture[str],
) -> None:
    """It earns nothing, and is no fault of ours."""
    suite = (
        "from grader.checks import cannot_ask\n"
        "@check(points=1)\n"
        'def test_x() -> None:\n    """It."""\n    cannot_ask("Nobody is in.")\n'
    )

    status = grade(right_work, "--json", "-", "--checkpoints", str(course(suite)))

    (found,) = json.loads(capsys.readouterr().out)["steps"][0]["checks"]
    assert status == 0
    assert (found["outcome"], found["points"]) == ("skipped", 0.0)
    assert found["message"] == "Nobody is in."


@pytest.mark.parametrize(
    "suite",
    [
        "def test_x(:\n",
        "import no_such_module\n",
        "def test_x() -> None:\n    pass\n",
        "@check(points=1)\ndef test_x() -> None:\n    pass\n",
        "",
    ],
)
def test_a_suite_that_cannot_be_used_is_our_fault(
    grade: Grade,
    right_work: Path,
    course: Callable[[str], Path],
    capsys: pytest.CaptureFixture[str],
    suite: str,
) -> None:
    """Not one submission is graded with half a course."""
    assert grade(right_work, "--checkpoints", str(course(suite))) == 3

    captured = capsys.readouterr()
    assert captured.err.startswith("The grader made a mistake, not you: ")
    assert "Traceback" not in captured.err


def test_evidence_is_shown_when_asked_for(
    grade: Grade,
    right_work: Path,
    course: Callable[[str], Path],
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A student sees message and hint of a hidden check; an instructor sees all."""
    suite = (
        "@check(points=1)\ndef test_x(project: Project) -> None:\n"
        '    """It holds."""\n    fail("No.", hint="Try.", evidence=["sent 7"])\n'
    )
    folder = str(course(suite))

    shown = []
    for options in ([], ["-v"]):
        assert grade(right_work, "--checkpoints", folder, *options) == 0
        shown.append(capsys.readouterr().out)

    assert ["sent 7" in text for text in shown] == [False, True]
    assert all("No." in text and "Try." in text for text in shown)


def test_an_error_of_ours_is_said_and_ends_with_3(
    grade: Grade,
    right_work: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The traceback is there for whoever asks for it."""

    def stumble(*_: object) -> None:
        raise RuntimeError("stumbled")

    monkeypatch.setattr(grade_room, "grade", stumble)

    assert grade(right_work) == 3
    assert "not you: RuntimeError: stumbled" in capsys.readouterr().err
    with pytest.raises(RuntimeError):
        grade(right_work, "--debug")


def test_an_interruption_ends_quietly(
    grade: Grade,
    right_work: Path,
    course: Callable[[str], Path],
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Control-C in a check is no fault of anybody."""
    suite = '@check(points=1)\ndef test_x() -> None:\n    """It."""\n'
    folder = course(suite + "    raise KeyboardInterrupt\n")

    assert grade(right_work, "--checkpoints", str(folder)) == 130
    assert "mistake" not in capsys.readouterr().err


def test_without_a_sandbox_only_the_own_folder_is_graded(
    grade: Grade,
    right_work: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Never a silent fallback: one's own work with a warning, others' not at all."""
    monkeypatch.setattr(choice, "find_bubblewrap", lambda: None)

    refused = grade(right_work, "--sandbox", "auto")
    said = " ".join(capsys.readouterr().err.split())
    graded = grade(Path.cwd(), "--sandbox", "auto", "--json", "-")
    own = json.loads(capsys.readouterr().out)

    assert (refused, graded) == (2, 0)
    assert "--sandbox none" in said
    assert own["grader"]["sandbox"] == "none"
    assert "No isolation" in own["warnings"][0]


def test_a_sandbox_that_was_asked_for_is_never_replaced(
    grade: Grade, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even for one's own folder."""
    monkeypatch.setattr(choice, "find_bubblewrap", lambda: None)

    assert grade(Path.cwd(), "--sandbox", "bubblewrap") == 2


def test_waiving_the_sandbox_is_said_in_the_report(
    grade: Grade, right_work: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """On the terminal and in the file."""
    grade(right_work, "--json", "-")

    captured = capsys.readouterr()
    assert "No isolation" in captured.err
    assert "No isolation" in json.loads(captured.out)["warnings"][0]


def test_the_steps_of_a_course_are_listed(
    two_steps: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Slugs are what --step takes."""
    assert cli.run(["steps", "--checkpoints", str(two_steps)]) == 0

    shown = capsys.readouterr().out
    assert "greet" in shown
    assert "Count to a number" in shown


def test_the_module_runs_like_the_command(two_steps: Path) -> None:
    """``python -m grader`` is the same program, with the same exit codes."""
    command = [sys.executable, "-m", "grader", "steps", "--checkpoints"]

    ended = [
        subprocess.run([*command, folder], cwd=ROOT, capture_output=True, check=False)
        for folder in (str(two_steps), "nowhere")
    ]

    assert [one.returncode for one in ended] == [0, 2]
    assert b"holds no checkpoints" in ended[1].stderr


def test_an_environment_below_tmp_can_be_used(
    grade: Grade,
    work: Callable[[str], Path],
    bubblewrap: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A world's own /tmp does not hide the Python that somebody keeps there."""
    environment = tmp_path / "an environment"
    venv.create(environment, symlinks=True)
    (packages,) = environment.glob("lib/python*/site-packages")
    (packages / "manners.py").write_text("WORD = 'Hello'\n", "utf-8")
    python = str(environment / "bin" / "python")
    source = """
def greet(name):
    import manners
    try:
        open(manners.__file__, "a")
    except OSError:
        return manners.WORD + name
"""

    assert grade(work(source), "--python", python, "--sandbox", "bubblewrap") == 0
    assert "1 of 1 checks" in capsys.readouterr().out
