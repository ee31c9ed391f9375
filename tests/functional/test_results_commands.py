"""``export``, ``feedback`` and ``clinic`` work on a real gradebook."""

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest

from grader import cli
from grader.gradebook.book import Basis, Gradebook, HandIn
from grader.gradebook.standing import Adjustment, Student
from grader.report import Report

Run = Callable[..., int]
NAME = '=cmd|" /C calc"!A0, דנה'
RUNNER = {
    "CLASSROOM": "class",
    "ASSIGNMENT": "counting",
    "SUBMISSION_TAG": "submit/2026-11-20T09-30-05Z-a1b2c3d",
    "COMMIT_URL": "https://example.org/c",
    "RELEASE_URL": "https://example.org/r",
}


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a submission that counts wrong."""
    folder = tmp_path_factory.mktemp("subs") / "ada"
    folder.mkdir()
    source = "def greet(name):\n    return name\n\n\ndef count(upto):\n    return [1]\n"
    (folder / "hello.py").write_text(source, "utf-8")
    return folder


@pytest.fixture(scope="module")
def graded(
    work: Path, two_steps: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Grade it once; give the report."""
    path = tmp_path_factory.mktemp("reports") / "report.json"
    options = ["--checkpoints", str(two_steps), "--sandbox", "none", "--seed", "5"]
    assert cli.run(["grade", str(work), *options, "--json", str(path)]) == 0
    return path


@pytest.fixture
def gradebook(tmp_path: Path, work: Path, graded: Path) -> Path:
    """Keep a class of one graded, one absent and one file of nobody."""
    path = tmp_path / "gradebook.db"
    ada = Student("ada", NAME, "ada@example.org", "ada")
    report = Report.model_validate_json(graded.read_text("utf-8"))
    now = datetime.now(UTC)
    with Gradebook.open(str(path), create=True) as book:
        book.enroll([ada, Student("bob", "Bob", login="bob")])
        digest = report.submission.digest
        book.keep(HandIn(ada, digest, str(work), now), Basis("c", "e"), report)
        book.adjust(ada, Adjustment(0.5, "<b>oral</b> exam", "Eva", now))
        book.note_problem("subs/x.zip", "the name is nobody's", None)
    return path


@pytest.fixture
def run(gradebook: Path, two_steps: Path) -> Run:
    """Run a command on that gradebook."""

    def command(*words: Path | str) -> int:
        given = ["--checkpoints", str(two_steps), "--gradebook", str(gradebook)]
        return cli.run([*map(str, words), *given])

    return command


@pytest.mark.parametrize("name", ["csv", "canvas", "moodle", "junit"])
def test_a_class_is_exported_to_one_file(run: Run, tmp_path: Path, name: str) -> None:
    """And nothing unfinished lies beside it."""
    target = tmp_path / "out" / "grades"
    target.parent.mkdir()

    assert run("export", "--format", name, "--to", target) == 0

    assert "ada" in target.read_text("utf-8-sig")
    assert list(target.parent.iterdir()) == [target]


def test_who_is_not_in_an_export_is_listed(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    """On standard error, so that what is printed can be piped."""
    assert run("export", "--format", "junit") == 0

    printed = capsys.readouterr()
    assert Xml.fromstring(printed.out).tag == "testsuites"  # noqa: S314 - our own
    assert "Not exported: bob: nothing was handed in" in printed.err
    assert "Belongs to nobody: subs/x.zip: the name is nobody's" in printed.err


def test_one_file_a_student_goes_into_a_folder(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One student's goes anywhere."""
    folder = tmp_path / "new"
    assert run("export", "--format", "gradescope", "--to", folder) == 0
    assert json.loads((folder / "ada" / "results.json").read_text())["score"] == 3.5

    capsys.readouterr()
    assert run("export", "--format", "gradescope", "--student", "ada") == 0
    assert json.loads(capsys.readouterr().out)["score"] == 3.5


@pytest.mark.parametrize("name", ["gradescope", "junit", "classroom50"])
def test_a_report_is_exported_without_a_gradebook(
    graded: Path,
    two_steps: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
) -> None:
    """As an autograder's container has it."""
    for key, value in RUNNER.items():
        monkeypatch.setenv(key, value)
    target = tmp_path / "results"
    where = ["--report", str(graded), "--checkpoints", str(two_steps)]

    assert cli.run(["export", "--format", name, *where, "--to", str(target)]) == 0

    assert "Counting gives every number once." in target.read_text("utf-8")
    assert "It left out a number." not in target.read_text("utf-8")


@pytest.mark.parametrize("content", ["", "[]", "{", '{"schema": 1}', "[" * 9999])
def test_what_is_no_report_is_misuse(
    tmp_path: Path, content: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """With what one is, and no traceback."""
    path = tmp_path / "report.json"
    path.write_text(content, "utf-8")

    assert cli.run(["export", "--format", "junit", "--report", str(path)]) == 2

    assert "is no report of this grader" in capsys.readouterr().err


def test_a_report_in_which_a_check_broke_is_no_grade(
    graded: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It would take points for the grader's mistake."""
    report = json.loads(graded.read_text("utf-8"))
    report["steps"][0]["checks"][0]["outcome"] = "broken"
    path = tmp_path / "report.json"
    path.write_text(json.dumps(report), "utf-8")

    assert cli.run(["export", "--format", "junit", "--report", str(path)]) == 2

    assert "greet.greets_by_name broke" in capsys.readouterr().err


def test_everybody_gets_a_page(run: Run, tmp_path: Path) -> None:
    """And a table says whose is which; writing again changes nothing."""
    folder = tmp_path / "pages"

    assert run("feedback", "--to", folder) == 0
    first = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert run("feedback", "--to", folder) == 0

    assert sorted(first) == ["ada.html", "bob.html", "pages.csv"]
    assert first == {path.name: path.read_bytes() for path in folder.iterdir()}
    page = first["ada.html"].decode("utf-8")
    assert "&lt;b&gt;oral&lt;/b&gt; exam" in page
    assert "It left out a number." not in page  # what a hidden check saw
    assert "nothing was handed in" in first["bob.html"].decode("utf-8")
    assert "'=cmd" in first["pages.csv"].decode("utf-8")


def test_a_plan_is_a_new_folder(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An older one is never overwritten."""
    folder = tmp_path / "clinics"

    assert run("clinic", "plan", "--to", folder, "--before", "2100-01-01") == 0
    assert run("clinic", "plan", "--to", folder) == 2

    names = {path.name for path in folder.iterdir()}
    assert {"README.md", "invitations.csv", "clinics.ics"} < names
    assert len(names) == 4
    shown = capsys.readouterr()
    assert "Clinics: 1, students: 1, mistakes: 1." in shown.out
    assert "No report, so nobody knows what they need: bob." in shown.out
    assert "is there already" in shown.err


def test_a_workspace_is_opened_with_a_command_that_fails_as_it_did(
    run: Run, work: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The assistant runs it; the student's folder holds no check."""
    folder = tmp_path / "case"

    assert run("clinic", "open", "ada@example.org", "--to", folder) == 0

    inside = sorted(p.name for p in (folder / "work").iterdir())
    assert inside == [path.name for path in work.iterdir()]
    lines = capsys.readouterr().out.splitlines()
    (command,) = (line.split() for line in lines if "uv run pytest" in line)
    plugin = ("-p", "grader.plugin")  # as checkpoints/conftest.py has it
    again = subprocess.run(
        [sys.executable, "-m", *command[2:], "--sandbox", "none", *plugin],
        capture_output=True,
        text=True,
        check=False,
    )
    assert again.returncode == 1
    assert "It left out a number." in again.stdout


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("clinic", "open", "cid"), 'There is no student "cid"'),
        (("clinic", "open", "bob"), "bob has no report"),
        (("clinic", "open", "ada", "--submission", "/nowhere"), "There is nothing at"),
        (("export", "--format", "canvas", "--title", "Final Score"), "reads no grades"),
        (("export", "--format", "csv", "--to", "/nowhere/x.csv"), "There is no folder"),
        (("export", "--format", "gradescope"), "one file a student"),
        (("feedback", "--student", "boob"), 'Did you mean "bob"'),
        (("clinic", "plan", "--before", "2001-01-01"), "0 of them fit before"),
    ],
)
def test_misuse_is_said_in_two_sentences(
    run: Run, words: tuple[str, ...], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """What happened, and what to do; nothing is written."""
    assert run(*words) == 2

    shown = capsys.readouterr().err
    assert told in shown
    assert "Traceback" not in shown
