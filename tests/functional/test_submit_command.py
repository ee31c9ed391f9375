"""``grader submit`` packs what is graded, and nothing that is private or made."""

import json
import zipfile
from pathlib import Path

import pytest

from grader import cli

from .conftest import RIGHT, WRONG, Bench

Screen = pytest.CaptureFixture[str]


@pytest.fixture
def done(bench: Bench, work: Path) -> Path:
    """Give a workspace with both steps done."""
    bench("start", "greet")
    (work / "greeting.py").write_text(RIGHT)
    bench("start", "count")
    (work / "counting.py").write_text("def count(n):\n    return [*range(1, n + 1)]\n")
    return work


def names(packed: Path) -> set[str]:
    """List a zip."""
    with zipfile.ZipFile(packed) as archive:
        return set(archive.namelist())


def test_the_zip_is_graded_with_full_marks(
    bench: Bench, done: Path, handed_out: Path, tmp_path: Path, capsys: Screen
) -> None:
    """What is handed in is what was checked."""
    assert bench("submit") == 0
    capsys.readouterr()

    course = ["--checkpoints", str(handed_out / "checkpoints"), "--sandbox", "none"]
    written = tmp_path / "report.json"
    packed = str(done / "submission.zip")
    assert cli.run(["grade", packed, *course, "--json", str(written)]) == 0

    report = json.loads(written.read_text())
    assert report["score"] == report["max_score"]


def test_the_same_work_gives_the_same_zip(bench: Bench, done: Path) -> None:
    """Also after one was written."""
    bench("submit")
    first = (done / "submission.zip").read_bytes()

    bench("submit")

    assert (done / "submission.zip").read_bytes() == first


def test_what_is_private_or_made_is_left_out_and_said(
    bench: Bench, done: Path, capsys: Screen
) -> None:
    """Databases, caches, environments, secrets and the bench's own files."""
    for name in ("movies.db", ".env", "id_rsa", "server.key", ".venv/pyvenv.cfg"):
        (done / name).parent.mkdir(exist_ok=True)
        (done / name).write_text("private")
    (done / "__pycache__").mkdir()
    (done / "__pycache__" / "x.pyc").write_text("made")

    assert bench("submit") == 0

    packed = names(done / "submission.zip")
    assert packed == {"greeting.py", "counting.py", "words.py", "submission.json"}
    shown = " ".join(capsys.readouterr().out.split())
    assert "movies.db: a committed database" in shown
    assert ".env: settings of your own machine" in shown
    assert "id_rsa, server.key: a key or password of your own" in shown
    assert ".venv, __pycache__: made by tools" in shown


def test_the_manifest_has_every_digest(bench: Bench, done: Path) -> None:
    """So that whoever has the zip can prove what was in it."""
    bench("submit")

    with zipfile.ZipFile(done / "submission.zip") as archive:
        manifest = json.loads(archive.read("submission.json"))
    assert set(manifest["files"]) == {"greeting.py", "counting.py", "words.py"}


def test_the_receipt_says_how_it_stands(bench: Bench, done: Path) -> None:
    """Work that is short is handed in too."""
    (done / "greeting.py").write_text(WRONG)

    assert bench("submit") == 0

    receipt = json.loads((done / "submission.receipt.json").read_text())
    assert receipt["visible"]["greet"]["passed"] == 0
    assert receipt["visible"]["greet"]["short"] == [
        "The greeting names whom it greets."
    ]
    assert receipt["visible"]["count"]["passed"] == 2
    assert receipt["packages"]["python"]


@pytest.mark.parametrize(
    ("out", "told"),
    [("no/such/x.zip", "no folder"), ("work.tar", ".zip"), (".", "is a folder")],
)
def test_a_bad_place_is_refused_before_anything_runs(
    bench: Bench, done: Path, capsys: Screen, out: str, told: str
) -> None:
    """Nothing is written."""
    assert bench("submit", "--out", out) == 2

    assert told in capsys.readouterr().err
    assert not (done / "submission.zip").exists()


def test_an_empty_folder_cannot_be_handed_in(bench: Bench, capsys: Screen) -> None:
    """There would be nothing to grade."""
    assert bench("submit") == 2

    assert "is empty" in capsys.readouterr().err
