"""``grader class`` loses nothing and grades nothing twice, whatever is killed."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlmodel import select

from grader import cli
from grader.errors import MisuseError
from grader.gradebook.book import Gradebook
from grader.gradebook.reading import read_class
from grader.gradebook.standing import Standing
from grader.gradebook.tables import GradeRow
from grader.report import Report

ROOT = Path(__file__).resolve().parents[2]
RIGHT = ROOT / "tests" / "assets" / "courses" / "two_steps_right" / "hello.py"
WRONG = "def greet(name):\n    return name\n\n\ndef count(upto):\n    return [1]\n"
SLOW = "import time\n\ntime.sleep(0.2)\n"
COUNT = 9
SEED = 5

Run = Callable[..., int]


@pytest.fixture
def submissions(tmp_path: Path) -> Path:
    """Make a class: right, wrong and broken."""
    folder = tmp_path / "submissions"
    for number in range(COUNT):
        work = folder / f"s{number:02}"
        work.mkdir(parents=True)
        source = WRONG if number % 3 else RIGHT.read_text("utf-8")
        (work / "hello.py").write_text(SLOW + source, "utf-8")
    (folder / "z-broken.zip").write_bytes(b"PK, and nothing more")
    return folder


@pytest.fixture
def gradebook(tmp_path: Path) -> str:
    """Give a place for a gradebook."""
    return str(tmp_path / "gradebook.db")


@pytest.fixture
def command(submissions: Path, gradebook: str, two_steps: Path) -> list[str]:
    """Give the command that grades the class."""
    return [
        *("class", str(submissions), "--gradebook", gradebook, "--workers", "2"),
        *("--checkpoints", str(two_steps), "--sandbox", "none", "--seed", str(SEED)),
    ]


def started(command: list[str]) -> "subprocess.Popen[bytes]":
    """Start a command as its own group, as from a terminal: Ctrl-C reaches it."""
    program = (  # whoever runs these tests in the background ignores it
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
        "from grader.__main__ import main; main()"
    )
    return subprocess.Popen(
        [sys.executable, "-c", program, *command],
        cwd=ROOT,
        start_new_session=True,
        stdout=subprocess.PIPE,
    )


def kept(gradebook: str) -> dict[str, int]:
    """Map each student with a grade to that grade's number."""
    if not Path(gradebook).exists():
        return {}
    try:
        with Gradebook.open(gradebook) as book, book.session() as session:
            rows = session.exec(select(GradeRow)).all()
    except MisuseError:  # its tables are just being made
        return {}
    assert len({row.student_key for row in rows}) == len(rows), "graded twice"
    return {row.student_key: row.id or 0 for row in rows}


def standings(gradebook: str) -> dict[str, Standing]:
    """Map each student to where they stand."""
    return {one.student.key: one for one in read_class(gradebook).standings}


def timeless(report: Report) -> str:
    """Give a report without what differs from run to run."""
    return re.sub(r'"duration_s": [\d.]+', '"duration_s": 0', report.as_json())


def one_by_one(submissions: Path, two_steps: Path, folder: Path) -> Iterator[str]:
    """Grade each submission by itself."""
    for work in sorted(submissions.glob("s*")):
        path = folder / f"{work.name}.json"
        options = ["--checkpoints", str(two_steps), "--sandbox", "none"]
        options += ["--seed", str(SEED), "--json", str(path)]
        assert cli.run(["grade", str(work), *options]) == 0
        yield timeless(Report.model_validate_json(path.read_text("utf-8")))


def workers_of(process: int) -> list[int]:
    """Find the workers of a coordinator."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            parent = int(
                place.joinpath("stat").read_text().rpartition(")")[2].split()[1]
            )
            line = place.joinpath("cmdline").read_bytes()
        except OSError:
            continue
        if parent == process and b"spawn_main" in line:
            found.append(int(place.name))
    return found


def wait_until(question: Callable[[], bool]) -> None:
    """Ask until it is so; a test that hangs is ended by its runner."""
    while not question():
        time.sleep(0.02)


def alive(process: int) -> bool:
    """Say whether a process still runs."""
    try:
        stat = Path("/proc", str(process), "stat").read_text()
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


@pytest.mark.skipif(sys.platform != "linux", reason="it looks for workers in /proc")
def test_nothing_is_lost_and_nothing_graded_twice(
    command: list[str],
    gradebook: str,
    submissions: Path,
    two_steps: Path,
    tmp_path: Path,
) -> None:
    """A worker is killed, then the coordinator; the same command does the rest."""
    process = started(command)
    wait_until(lambda: bool(kept(gradebook)))
    os.kill(workers_of(process.pid)[0], signal.SIGKILL)
    wait_until(lambda: len(kept(gradebook)) >= 4)
    crew = workers_of(process.pid)
    process.kill()
    said, _ = process.communicate()
    wait_until(lambda: not any(map(alive, crew)))
    before = kept(gradebook)

    ended = cli.run(command)
    again = cli.run(command)

    after = kept(gradebook)
    found = standings(gradebook)
    graded = [found[key].report for key in sorted(after)]
    assert b"Trying again" in said
    assert (ended, again) == (0, 0)
    assert 4 <= len(before) < COUNT == len(after)
    assert before.items() <= after.items()
    assert found["z-broken"].state == "z-broken.zip is not a zip."
    assert [timeless(report) for report in graded if report] == list(
        one_by_one(submissions, two_steps, tmp_path)
    )


def test_ctrl_c_stops_cleanly(command: list[str], gradebook: str) -> None:
    """What was graded is kept, nobody sees a traceback, and no worker stays."""
    process = started(command)
    wait_until(lambda: bool(kept(gradebook)))
    crew = workers_of(process.pid)

    os.killpg(process.pid, signal.SIGINT)
    said, _ = process.communicate()

    assert process.returncode == 130
    assert b"Stopped." in said
    assert b"Traceback" not in said
    assert not any(map(alive, crew))
    assert 0 < len(kept(gradebook)) < COUNT


def test_changed_work_is_another_attempt(
    command: list[str], gradebook: str, submissions: Path
) -> None:
    """The others keep their grade, adjustments stay, and who is gone is not."""
    keep_only(submissions, "s01")
    assert cli.run(command) == 0
    adjust = [
        "adjust",
        "s01",
        "--points",
        "-0.5",
        "--reason",
        "copied",
        "--author",
        "t",
    ]
    assert cli.run([*adjust, "--gradebook", gradebook]) == 0
    shutil.copyfile(RIGHT, submissions / "s01" / "hello.py")

    assert cli.run(command) == 0

    standing = standings(gradebook)["s01"]
    scores = [attempt.report.score for attempt in standing.attempts]
    assert scores == sorted(scores)
    assert len(scores) == 2
    assert standing.score == scores[1] - 0.5


def test_sqlite_and_postgresql_agree(
    command: list[str], gradebook: str, submissions: Path, postgresql: str
) -> None:
    """The same class has the same standings in both."""
    keep_only(submissions, "s01", "s03", "z-broken.zip")
    elsewhere = [postgresql if part == gradebook else part for part in command]
    assert (cli.run(command), cli.run(elsewhere), cli.run(elsewhere)) == (0, 0, 0)

    here, there = standings(gradebook), standings(postgresql)

    assert set(here) == set(there) == {"s01", "s03", "z-broken"}
    for key, one in here.items():
        other = there[key]
        assert (one.student, one.score, one.criteria, one.state) == (
            *(other.student, other.score),
            *(other.criteria, other.state),
        )
        if one.report and other.report:
            assert timeless(one.report) == timeless(other.report)


def test_a_broken_check_is_no_score(
    submissions: Path,
    gradebook: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """It is tried again, told, and ends with the exit code of our faults."""
    keep_only(submissions, "s01")
    step = tmp_path / "course" / "01_greet"
    step.mkdir(parents=True)
    (step / "checkpoint.toml").write_text('title = "Greet"\npoints = 1\n', "utf-8")
    (step / "test_hidden.py").write_text(
        "from grader.checks import check\n\n\n@check(points=1)\n"
        'def test_ours() -> None:\n    """Nothing."""\n    raise KeyError("ours")\n',
        "utf-8",
    )
    options = ["--gradebook", gradebook, "--checkpoints", str(step.parent)]

    ended = cli.run(["class", str(submissions), *options, "--sandbox", "none"])

    said = capsys.readouterr().out
    assert ended == 3
    assert said.count("Trying again") == 2
    assert standings(gradebook)["s01"].score is None
    assert "failed 3 times" in standings(gradebook)["s01"].state


def test_the_class_is_shown(
    command: list[str],
    gradebook: str,
    submissions: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Scores, who has none and why, what belongs to nobody."""
    keep_only(submissions, "s01", "z-broken.zip")
    (submissions / "mallory").mkdir()
    roster = tmp_path / "roster.csv"
    roster.write_text("login,name\ns01,Ada\nz-broken,Zoe\nkim,Kim\n", "utf-8")
    assert cli.run([*command, "--roster", str(roster)]) == 0
    capsys.readouterr()

    assert cli.run(["gradebook", "--gradebook", gradebook]) == 0

    said = " ".join(capsys.readouterr().out.split())
    assert "z-broken: z-broken.zip is not a zip." in said
    assert "kim: nothing was handed in" in said
    assert "mallory: nobody on the roster answers to 'mallory'" in said


def test_misuse_is_told(
    tmp_path: Path, gradebook: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """In two sentences, before anything is started."""
    for arguments in (
        ["class", str(tmp_path / "nowhere"), "--gradebook", gradebook],
        ["class", str(tmp_path), "--gradebook", gradebook, "--step", "engin"],
        ["class", str(tmp_path), "--gradebook", "mysql://host/db"],
        ["gradebook", "--gradebook", gradebook],
        ["adjust", "ada", "--reason", "x", "--gradebook", gradebook],
    ):
        assert cli.run(arguments) == 2
        assert capsys.readouterr().err.startswith("Error:")


def keep_only(submissions: Path, *names: str) -> None:
    """Leave only these of a class."""
    for path in submissions.iterdir():
        if path.name in names:
            continue
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
