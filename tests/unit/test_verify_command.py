"""Prove a tiny course by the command, as it is and with something spoilt."""

import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from grader.commands.verify import register
from grader.errors import GraderFault, MisuseError
from grader.sandbox.engines import PlainEngine
from grader.verifying.jobs import Job
from grader.verifying.working import Crew, run_jobs

COURSE = Path(__file__).parents[1] / "assets" / "courses" / "verify_course"


@pytest.fixture
def course(tmp_path: Path) -> Iterator[Path]:
    """Copy the tiny course, to be spoilt, and forget its modules afterwards."""
    copy = tmp_path / "course"
    shutil.copytree(COURSE, copy)
    yield copy
    for name, module in list(sys.modules.items()):
        if str(getattr(module, "__file__", None)).startswith(str(copy)):
            del sys.modules[name]


def grader(course: Path, *options: str) -> Result:
    """Run the command without isolation: the course is our own."""
    app = typer.Typer()
    app.callback()(lambda: None)
    register(app)
    place = ["--checkpoints", str(course / "checkpoints")]
    plain = ["verify", *place, "--sandbox", "none", "--seeds", "1", *options]
    return CliRunner().invoke(app, plain)


def test_a_course_in_order_is_proved(course: Path, tmp_path: Path) -> None:
    """Every starter, solution and variant comes out as it claims."""
    written = tmp_path / "proof.json"

    done = grader(course, "--json", str(written))

    assert done.exit_code == 0, done.output
    assert "No gap." in done.output
    assert "3 of 3 rejects named right" in done.output
    assert "only a part" not in done.output
    proof = json.loads(written.read_text("utf-8"))
    assert proof["gaps"] == []
    assert proof["diagnosis"]["precision"] == proof["diagnosis"]["recall"] == 1.0
    assert proof["jobs"] == {
        "accepts": 2,
        "finished": 1,
        "rejects": 3,
        "solutions": 1,
        "starter": 2,
    }
    reused = {run["job"]: run["reused"] for run in proof["runs"]}
    assert reused["greet/rejects/greets_nobody"] == ["count"]
    assert reused["count/rejects/leaves_out_the_last"] == []
    assert reused["greet/starter/greet"] == []


def test_gaps_are_told_and_end_with_one(course: Path) -> None:
    """A wrong name, a wrong accept and a generous starter each show."""
    variant = course / "checkpoints/02_count/rejects/counts_below_nothing/variant.toml"
    text = variant.read_text("utf-8").replace("counts-nothing", "off-by-one")
    variant.write_text(text, "utf-8")
    accept = course / "checkpoints/01_greet/accepts/shouts/greeting.py"
    accept.write_text("def greet(name):\n    return 'HELLO'\n", "utf-8")
    starter = course / "labs/02_count/starter/counting.py"
    solution = (course / "solutions/02_count/counting.py").read_text("utf-8")
    starter.write_text(f"# TODO(count): more\n{solution}", "utf-8")

    done = grader(course)

    assert done.exit_code == 1, done.output
    shown = " ".join(done.output.split())
    assert "greet/accepts/shouts falls short on greet.greets_by_name" in shown
    assert "should be diagnosed as off-by-one" in shown
    assert "count/starter/count already has full marks on its own step" in shown
    assert "No reject shows the pitfall counts-nothing" in shown
    assert "Off the diagonal" in shown
    assert "4 gaps." in shown


def test_a_part_is_called_a_part(course: Path) -> None:
    """It grades what is asked for, and says that it is not all."""
    done = grader(course, "--step", "greet", "--only", "greets_*", "--json", "-")

    proof = json.loads(done.stdout)
    assert [run["job"] for run in proof["runs"]] == ["greet/rejects/greets_nobody"]
    assert proof["partial"]
    assert "only a part of the course" in " ".join(done.stderr.split())


def test_a_thorough_proof_reuses_nothing(course: Path) -> None:
    """Every variant is then graded on every step."""
    done = grader(course, "--thorough", "--only", "greets_nobody", "--json", "-")

    (run,) = json.loads(done.stdout)["runs"]
    assert run["reused"] == []


@pytest.mark.parametrize(
    "options",
    [
        ("--step", "gret"),
        ("--only", "nothing_like_it"),
        ("--json", "/no/such/folder/proof.json"),
        ("--checkpoints", "/no/such/course"),
        ("--python", "/no/such/python"),
    ],
)
def test_misuse_is_told_before_anything_runs(
    course: Path, options: tuple[str, str]
) -> None:
    """A misspelt name is the user's slip, exit 2."""
    done = grader(course, *options)

    assert isinstance(done.exception, MisuseError)


def test_a_manifest_that_cannot_be_read_is_our_fault(course: Path) -> None:
    """The course is wrong, exit 3."""
    (course / "checkpoints/02_count/pitfalls.toml").write_text("[", "utf-8")

    done = grader(course)

    assert isinstance(done.exception, GraderFault)


def test_a_worker_that_cannot_start_is_our_fault(tmp_path: Path) -> None:
    """Its own error is passed on instead of waiting for ever."""
    crew = Crew(tmp_path, PlainEngine(), None, 1)
    job = Job("accepts", "greet", "any", {}, ("greet",))

    with pytest.raises(GraderFault, match="holds no checkpoints"):
        run_jobs(crew, [job], lambda _run: None)
