"""``grader preflight`` says what is missing, what to do, and keeps the question."""

import socket
import sqlite3
from pathlib import Path

import pytest

from grader.student import preflight
from grader.student.preflight import Verdict

from .conftest import Bench

Screen = pytest.CaptureFixture[str]
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    """Give a lock file of one package, which is not installed like that."""
    path = tmp_path / "uv.lock"
    path.write_text(
        "[[package]]\n"
        'name = "movie-service-lab"\n'
        'dependencies = [{ name = "fastapi" }, { name = "x", marker = "never" }]\n'
        '[[package]]\nname = "fastapi"\nversion = "0.0.1"\n'
        '[[package]]\nname = "x"\nversion = "1"\n'
    )
    return path


def test_everything_is_looked_at(
    bench: Bench, handed_out: Path, capsys: Screen
) -> None:
    """Each with a line, and the question at the end."""
    (handed_out / "uv.lock").write_bytes((ROOT / "uv.lock").read_bytes())

    assert bench("preflight", "--question", "When does\nan index help?") == 0

    shown = capsys.readouterr().out
    names = ("Python", "uv", "Packages", "SQLite", "Folder", "Port", "Labs", "Sandbox")
    assert [name for name in names if name not in shown] == []
    assert "When does an index help?" in shown


def test_the_question_is_kept_for_the_instructor(bench: Bench, work: Path) -> None:
    """In a file that ``submit`` takes along."""
    bench("preflight", "--question", "Why?")
    bench("preflight")

    assert (work / "question.txt").read_text() == "Why?\n"


def test_without_a_question_it_says_how(bench: Bench, capsys: Screen) -> None:
    """Nobody is asked where nobody can answer."""
    bench("preflight")

    assert "--question" in capsys.readouterr().out


def test_what_is_missing_ends_with_1(bench: Bench, capsys: Screen) -> None:
    """The tiny course has no lock file."""
    assert bench("preflight") == 1

    assert "Not ready yet: Packages." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--question", "  "], "The question is empty"),
        (["--port", "0"], "--port"),
        (["--port", "x"], "--port"),
    ],
)
def test_misuse_is_said(
    bench: Bench, capsys: Screen, arguments: list[str], told: str
) -> None:
    """With exit code 2."""
    assert bench("preflight", *arguments) == 2

    assert told in capsys.readouterr().err


def test_another_version_is_missing(lock: Path) -> None:
    """What only some systems need may be absent."""
    found = preflight.packages(lock)

    assert found.verdict is Verdict.MISSING
    assert "is not 0.0.1" in found.seen
    assert "x " not in found.seen


@pytest.mark.parametrize("text", ["", "[", "package = 3", "[[package]]\nname = 'a'"])
def test_a_damaged_lock_file_is_said(lock: Path, text: str) -> None:
    """It can be anything."""
    lock.write_text(text)

    assert preflight.packages(lock).verdict is Verdict.MISSING


def test_a_taken_port_has_a_way_out() -> None:
    """Class can begin on another one."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        found = preflight.free_port(taken.getsockname()[1])

    assert found.verdict is Verdict.USABLE
    assert "another" in found.next_step


def test_an_old_sqlite_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Columns could not be renamed with it."""
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 22, 0))

    assert preflight.sqlite().verdict is Verdict.MISSING


def test_without_uv_class_can_begin(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is said how to get it."""
    monkeypatch.setenv("PATH", "")

    assert preflight.uv().verdict is Verdict.USABLE
    assert "pip install uv" in preflight.uv().next_step


def test_a_folder_that_cannot_be_written_is_missing(tmp_path: Path) -> None:
    """A file in its place, say."""
    place = tmp_path / "file"
    place.write_text("")

    assert preflight.folder(place).verdict is Verdict.MISSING
