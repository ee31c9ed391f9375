"""The student's commands carry on from any state, and never lose work."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from grader import cli
from grader.__main__ import ROOMS, only
from grader.student import laying

from .conftest import COURSE, RIGHT, WRONG, Bench

Screen = pytest.CaptureFixture[str]


def files(folder: Path) -> dict[str, str]:
    """Give the workspace's own files."""
    return {
        path.relative_to(folder).as_posix(): path.read_text("utf-8")
        for path in folder.rglob("*")
        if path.is_file() and ".grader" not in path.parts
    }


def backups(folder: Path) -> list[Path]:
    """List the files of all backups."""
    return [p for p in (folder / ".grader" / "backups").rglob("*") if p.is_file()]


def test_start_lays_the_baseline_and_the_starter(bench: Bench, work: Path) -> None:
    """The first step begins from nothing."""
    assert bench("start", "greet") == 0

    assert set(files(work)) == {"words.py", "greeting.py"}
    assert "TODO(greet)" in files(work)["greeting.py"]


def test_a_started_step_is_not_laid_again(
    bench: Bench, work: Path, capsys: Screen
) -> None:
    """Whoever starts the next morning keeps what is there."""
    bench("start", "1")
    (work / "greeting.py").write_text(RIGHT)

    assert bench("start", "1") == 0

    assert files(work)["greeting.py"] == RIGHT
    assert "your files stay as they are" in capsys.readouterr().out


def test_own_work_in_the_way_is_shown_and_kept(
    bench: Bench, work: Path, capsys: Screen
) -> None:
    """A starter replaces no line that is not in a backup."""
    (work / "greeting.py").write_text(RIGHT)

    assert bench("start", "greet") == 0

    assert [path.read_text() for path in backups(work)] == [RIGHT]
    assert '-    return f"Hi {name}"' in capsys.readouterr().out
    assert "TODO(greet)" in files(work)["greeting.py"]


def test_a_start_that_was_killed_is_finished_by_the_next_command(
    bench: Bench, work: Path, monkeypatch: pytest.MonkeyPatch, capsys: Screen
) -> None:
    """Nothing stays half laid."""
    with monkeypatch.context() as killed:
        killed.setattr(laying, "_put_in_place", lambda _: 1 / 0)
        bench("start", "greet")
    assert files(work) == {}

    assert bench("progress") == 0

    assert set(files(work)) == {"words.py", "greeting.py"}
    assert "was finished first" in capsys.readouterr().out


def test_what_was_written_after_a_killed_start_is_kept(
    bench: Bench, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next command would put the starter in its place."""
    with monkeypatch.context() as killed:
        killed.setattr(laying, "_put_in_place", lambda _: 1 / 0)
        bench("start", "greet")
    (work / "greeting.py").write_text(RIGHT)

    bench("progress")

    assert [path.read_text() for path in backups(work)] == [RIGHT]


def test_a_later_step_says_how_to_catch_up(bench: Bench, capsys: Screen) -> None:
    """Nobody is left with half a service."""
    assert bench("start", "2") == 2

    assert "grader start --at 2" in capsys.readouterr().err


def test_catching_up_lays_right_earlier_steps(
    bench: Bench, work: Path, tmp_path: Path
) -> None:
    """From the solutions that the instructor hands out."""
    solutions = shutil.make_archive(str(tmp_path / "s"), "zip", COURSE, "solutions")

    assert bench("start", "--at", "2", "--solutions", solutions) == 0

    assert "{WELCOME} {name}" in files(work)["greeting.py"]
    assert "TODO(count)" in files(work)["counting.py"]


def test_without_solutions_it_is_said_who_has_them(
    bench: Bench, work: Path, capsys: Screen
) -> None:
    """A folder as it was handed out holds none."""
    assert bench("start", "--at", "2") == 2

    assert "Ask your instructor" in capsys.readouterr().err
    assert files(work) == {}


def test_the_course_itself_is_no_workspace(tmp_path: Path, capsys: Screen) -> None:
    """A start would overwrite the finished service."""
    course = shutil.copytree(COURSE, tmp_path / "course")
    given = ["--workspace", str(course), "--checkpoints", str(course / "checkpoints")]

    assert cli.run(["start", "1", *given]) == 2

    assert "is the course itself" in capsys.readouterr().err


def test_reset_asks_first(bench: Bench, work: Path, capsys: Screen) -> None:
    """Where nobody can be asked it does nothing."""
    bench("start", "greet")
    (work / "greeting.py").write_text(RIGHT)

    assert bench("reset", "greet") == 2

    assert files(work)["greeting.py"] == RIGHT
    assert "--yes" in capsys.readouterr().err


def test_reset_starts_over_and_keeps_the_work(bench: Bench, work: Path) -> None:
    """One step begins anew; the rest stays."""
    bench("start", "greet")
    (work / "greeting.py").write_text(RIGHT)
    (work / "mine.py").write_text("mine = 1\n")

    assert bench("reset", "greet", "--yes") == 0

    assert "TODO(greet)" in files(work)["greeting.py"]
    assert files(work)["mine.py"] == "mine = 1\n"
    assert [path.read_text() for path in backups(work)] == [RIGHT]


def test_check_says_what_is_short_until_it_is_not(
    bench: Bench, work: Path, capsys: Screen
) -> None:
    """One while short, nought once all passed."""
    bench("start", "greet")
    (work / "greeting.py").write_text(WRONG)

    assert bench("check") == 1
    shown = capsys.readouterr().out
    assert "The name is missing." in shown
    assert "Your greeting is the same for everybody." in shown
    assert "Put the name into the text" not in shown

    (work / "greeting.py").write_text(RIGHT)
    assert bench("check") == 0
    assert "1 of 1 checks" in capsys.readouterr().out


def test_hints_grow_until_the_way_out(bench: Bench, work: Path, capsys: Screen) -> None:
    """Each time one more is told."""
    bench("start", "greet")
    (work / "greeting.py").write_text(WRONG)
    bench("check")

    for _ in range(5):
        assert bench("hint") == 0

    shown = capsys.readouterr().out
    assert "Put the name into the text that you return." in shown
    assert shown.rstrip().endswith("That is all that there is to say.")


def test_a_hint_needs_a_failure(bench: Bench, capsys: Screen) -> None:
    """Without one it is said what to do."""
    bench("start", "greet")

    assert bench("hint") == 2

    assert "grader check" in capsys.readouterr().err


def test_progress_has_a_bar_a_step(bench: Bench, work: Path, capsys: Screen) -> None:
    """As it was when it was last checked."""
    bench("start", "greet")
    (work / "greeting.py").write_text(RIGHT)
    bench("check")

    assert bench("progress") == 0

    lines = capsys.readouterr().out.splitlines()
    assert any("greet" in line and "1/1" in line for line in lines)
    assert "1 of 2 steps are green." in lines[-1]


def test_progress_moves_with_the_folder(bench: Bench, work: Path) -> None:
    """It holds no path."""
    bench("start", "greet")
    bench("check")

    assert str(work) not in (work / ".grader" / "progress.json").read_text()


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"steps": 3}', "\x00" * 99])
def test_damaged_progress_begins_anew(
    bench: Bench, work: Path, capsys: Screen, damage: str
) -> None:
    """And the damaged file is kept aside."""
    bench("start", "greet")
    (work / ".grader" / "progress.json").write_text(damage)

    assert bench("progress") == 0

    assert "was damaged" in capsys.readouterr().out
    assert (work / ".grader" / "progress.damaged.json").read_text() == damage


def test_a_newer_progress_is_read(bench: Bench, work: Path, capsys: Screen) -> None:
    """What a newer version added is ignored."""
    bench("start", "greet")
    path = work / ".grader" / "progress.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "new": 1}))

    assert bench("progress") == 0

    assert "damaged" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("command", "arguments", "told"),
    [
        ("start", [], "none was named"),
        ("start", ["1", "--at", "2"], "either a step or --at"),
        ("start", ["grete"], 'Did you mean "greet"?'),
        ("start", ["0"], "There is no step 0"),
        (
            "start",
            ["--at", "1", "--solutions", "nowhere.zip"],
            "nothing at nowhere.zip",
        ),
        ("reset", ["7"], "There is no step 7"),
        ("check", ["nothing"], 'There is no step "nothing"'),
        ("check", [], "grader start 1"),
        ("hint", ["8"], "There is no step 8"),
    ],
)
def test_misuse_is_said(
    bench: Bench, capsys: Screen, command: str, arguments: list[str], told: str
) -> None:
    """What happened, and what to do next."""
    assert bench(command, *arguments) == 2

    assert told in capsys.readouterr().err


def test_a_workspace_must_be_a_folder(tmp_path: Path, capsys: Screen) -> None:
    """And an option names it."""
    assert cli.run(["progress", "--workspace", str(tmp_path / "no")]) == 2

    assert "There is no folder" in capsys.readouterr().err


def test_a_link_is_not_written_through(
    bench: Bench, work: Path, tmp_path: Path, capsys: Screen
) -> None:
    """What lies behind it is not the workspace's."""
    other = tmp_path / "other.py"
    other.write_text("precious = 1\n")
    (work / "greeting.py").symlink_to(other)

    assert bench("start", "greet") == 2

    assert other.read_text() == "precious = 1\n"
    assert "greeting.py is a link" in capsys.readouterr().err


def test_what_students_wait_for_imports_little() -> None:
    """Neither pytest nor what speaks HTTP: the checker in the background has them."""
    program = (
        "import sys, grader.__main__ as m; m.only('student')\n"
        "print([n for n in ('pytest', 'httpx', 'fastapi') if n in sys.modules])"
    )

    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert done.stdout == "[]\n"


def test_each_command_is_found_without_importing_the_others() -> None:
    """The table in ``__main__`` knows all of them, with the same options."""

    def commands(app: typer.Typer) -> dict[str, list[list[str]]]:
        found = getattr(typer.main.get_command(app), "commands", {})
        return {name: [p.opts for p in found[name].params] for name in found}

    alone = {name: commands(only(room))[name] for name, room in sorted(ROOMS.items())}

    assert alone == commands(cli.app)
