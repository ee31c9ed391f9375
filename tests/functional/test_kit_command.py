"""``grader kit`` makes what students receive, each time the same, without secrets."""

import io
import json
import os
import re
import shutil
import subprocess
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader import cli
from grader.catalog import Course
from grader.errors import MisuseError
from grader.kit.checked import labs_now
from grader.kit.contents import Kit, make_kit
from grader.kit.laying import lay
from grader.kit.manifests import select, tables
from grader.kit.secrets import Secret, leaks, secrets_of
from grader.kit.visible import reduce_course
from grader.verifying.collecting import collect
from grader.verifying.secrecy import mention_gaps

ROOT = Path(__file__).resolve().parents[2]
AUTHORS = {"solutions", "accepts", "rejects", "chaffs", "wheats", "base", "tests"}


@pytest.fixture(scope="module")
def course() -> Course:
    """Give this repository's course."""
    return Course.read(ROOT / "checkpoints")


@pytest.fixture(scope="module")
def kit(course: Course) -> Kit:
    """Make its kit once."""
    return make_kit(course)


@pytest.fixture(scope="module")
def texts(kit: Kit) -> dict[str, str]:
    """Give the kit's files as running text, however their lines are broken."""
    return {
        path: " ".join(content.decode("utf-8").split())
        for path, content in kit.files.items()
    }


def small(files: dict[str, bytes] | None = None) -> Kit:
    """Make a kit of a file and its marker."""
    content = files or {"a.py": b"1", ".vscode/settings.json": b"{}"}
    digests = {
        "a.py": "6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b",
        ".vscode/settings.json": (
            "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
        ),
    }
    marker = json.dumps({"kit": 1, "files": digests}).encode()
    return Kit("lab", content | {"kit.json": marker})


def hidden_words(course: Course) -> Iterator[str]:
    """Give what only the author's folders say, read without the kit's own code."""
    for check in collect(course).values():
        if check.visibility == "hidden":
            yield check.facts.title
    for path in course.folder.glob("*/*/**/*.toml"):
        yield tomllib.loads(path.read_text("utf-8")).get("about", "\0")
    kept = reduce_course(course).pitfalls
    for slug, pitfall in course.pitfalls.items():
        if slug not in kept:
            yield from (pitfall.diagnosis, pitfall.why, pitfall.way_out)


def test_nothing_hidden_is_in_the_kit(course: Course, texts: dict[str, str]) -> None:
    """No hidden title, no variant's purpose, no pitfall of hidden checks alone."""
    hidden = {" ".join(word.split()) for word in hidden_words(course)}
    assert len(hidden) > 150

    told = [(place, w) for place, text in texts.items() for w in hidden if w in text]

    assert told == []


def test_no_hidden_check_is_mentioned(course: Course, texts: dict[str, str]) -> None:
    """Neither by the name of its function nor by its id."""
    assert list(mention_gaps(collect(course), texts)) == []


def test_no_folder_of_the_authors_is_in_the_kit(kit: Kit) -> None:
    """Suites are visible ones, and there is no solution."""
    folders = {part for path in kit.files for part in path.split("/")[:-1]}

    # The service's own tests are the student's.
    assert folders & AUTHORS <= {"tests"}
    assert {p for p in kit.files if p.endswith(("test_hidden.py", "variant.toml"))} == (
        set()
    )
    assert {p.partition("/tests/")[0] for p in kit.files if "/tests/" in p} == {
        "movie_service",
        "labs/00_baseline/movie_service",
        "labs/05_fixtures/starter/movie_service",
    }


def test_no_solution_is_in_the_kit(course: Course, kit: Kit) -> None:
    """Neither whole, nor as the beginning of a later step."""
    held = set(kit.files.values())
    solutions = [
        path
        for folder in course.solutions.values()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    ]

    assert [str(path) for path in solutions if path.read_bytes() in held] == []
    assert "labs/06_downgrade/starter/movie_service/seeds.py" in kit.files
    assert "labs/06_downgrade/starter/movie_service/models.py" not in kit.files


@pytest.mark.parametrize(
    "text",
    [
        "The folder of the database file is created\n   if it does not exist.",
        "see test_foreign_keys_are_enforced",
        "    with Session(get_engine()) as session:",
        "Any text is a title and any number a year.",
    ],
)
def test_a_secret_in_a_file_is_found(course: Course, text: str) -> None:
    """A hidden title, a hidden check's name, a solution's line, a chaff."""
    suite = (ROOT / "checkpoints/01_engine/test_hidden.py").read_text("utf-8")
    name = re.findall(r"def (test_\w+)", suite)[0]
    written = text.replace("test_foreign_keys_are_enforced", name)

    found = list(leaks(secrets_of(course, []), {"labs/README.md": written.encode()}))

    assert found
    assert {leak.place for leak in found} == {"labs/README.md"}


def test_what_is_told_anyway_is_no_secret(course: Course) -> None:
    """A line that a starter has may be in a kit."""
    line = "with Session(get_engine()) as session:"
    is_there = [s for s in secrets_of(course, []) if s.text == line]
    is_told = [s for s in secrets_of(course, [line.encode()]) if s.text == line]

    assert is_there == [Secret("a line of 01_engine's solution", line)]
    assert is_told == []


def test_every_visible_check_is_in_the_kit(
    course: Course, kit: Kit, tmp_path: Path
) -> None:
    """A kit's course has the same steps, and their visible checks."""
    lay(kit, tmp_path / "kit")
    handed_out = Course.read(tmp_path / "kit" / "checkpoints")
    visible = {i: c for i, c in collect(course).items() if c.visibility == "visible"}

    assert collect(handed_out) == visible
    assert handed_out.visible_only
    assert [s.slug for s in handed_out.steps] == [s.slug for s in course.steps]
    assert [s.points for s in handed_out.steps] == [s.points for s in course.steps]


def test_a_kit_holds_what_its_readme_promises(kit: Kit) -> None:
    """The links lead somewhere, and it is the same project."""
    readme = kit.files["README.md"].decode()
    targets = re.findall(r"\]\(([^)]+)\)", readme)
    project = tomllib.loads(kit.files["pyproject.toml"].decode())
    own = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))

    assert [target for target in targets if target not in kit.files] == []
    assert readme.splitlines()[1:3] == [
        "pip install uv && uv run grader check",
        "pip install uv && uv run pytest",
    ]
    for table in ("project", "dependency-groups", "build-system"):
        assert project[table] == own[table]


def test_the_lock_file_fits_the_project(kit: Kit, tmp_path: Path) -> None:
    """Nothing is resolved again on a student's machine."""
    uv = os.environ.get("UV") or shutil.which("uv")
    if uv is None:
        pytest.skip("needs uv")
    lay(kit, tmp_path / "kit")

    done = subprocess.run(  # the tool that made the lock file
        [uv, "lock", "--check", "--offline"],
        cwd=tmp_path / "kit",
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr


def test_the_same_course_gives_the_same_kit(
    course: Course, kit: Kit, tmp_path: Path
) -> None:
    """Byte for byte, as a folder and as a zip."""
    again = make_kit(course)
    for name in ("first.zip", "second.zip"):
        lay(kit if name == "first.zip" else again, tmp_path / name)

    assert again == kit
    first, second = (tmp_path / n for n in ("first.zip", "second.zip"))
    assert first.read_bytes() == second.read_bytes()
    with zipfile.ZipFile(io.BytesIO(first.read_bytes())) as archive:
        names = archive.namelist()
    assert {name.partition("/")[0] for name in names} == {"movie-service-lab"}
    assert len(names) == len(kit.files)


@pytest.mark.parametrize("name", ["kit", "kit.zip"])
def test_an_untouched_kit_is_replaced(tmp_path: Path, name: str) -> None:
    """What tools left beside its files is no work."""
    lay(small(), tmp_path / name)
    if name == "kit":
        (tmp_path / name / "__pycache__").mkdir()
        (tmp_path / name / "__pycache__" / "a.pyc").write_bytes(b"x")

    lay(small(), tmp_path / name)

    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize(
    "work",
    [
        *("a.py", "new.py", ".vscode/settings.json", ".env", "movies.db"),
        *(".git/HEAD", ".grader/backups/db.py"),
    ],
)
def test_a_kit_that_somebody_worked_in_stays(
    tmp_path: Path, work: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Changed or added, the file is named, and nothing is touched."""
    out = tmp_path / "kit"
    lay(small(), out)
    (out / work).parent.mkdir(parents=True, exist_ok=True)
    (out / work).write_text("mine", "utf-8")

    assert cli.run(["kit", str(out)]) == 2

    assert work in capsys.readouterr().err
    assert (out / work).read_text("utf-8") == "mine"


@pytest.mark.parametrize("name", ["folder", "file", "notes.zip", "other.zip"])
def test_what_is_no_kit_is_never_written_over(
    tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A folder of anything else, a file, a zip of something, a zip that is none."""
    out = tmp_path / name
    if name == "folder":
        out.mkdir()
        (out / "thesis.tex").write_text("x", "utf-8")
    elif name == "other.zip":
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr("lab/kit.json", "[]")
    else:
        out.write_text("x", "utf-8")
    before = sorted((p, p.is_file() and p.read_bytes()) for p in tmp_path.rglob("*"))

    assert cli.run(["kit", str(out)]) == 2

    assert "no kit" in capsys.readouterr().err
    after = sorted((p, p.is_file() and p.read_bytes()) for p in tmp_path.rglob("*"))
    assert after == before


@pytest.mark.parametrize("name", ["file/kit", "file/kit.zip"])
def test_a_place_that_cannot_be_written_is_said(tmp_path: Path, name: str) -> None:
    """What the system says comes with what to do about it."""
    (tmp_path / "file").write_text("x", "utf-8")

    with pytest.raises(MisuseError, match="cannot be written"):
        lay(small(), tmp_path / name)


def test_a_course_without_a_kit_is_said(
    two_steps: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Not every course says what its kit holds."""
    out = tmp_path / "kit"

    assert cli.run(["kit", str(out), "--checkpoints", str(two_steps)]) == 2

    assert "does not say what a kit holds" in capsys.readouterr().err
    assert not out.exists()


@pytest.mark.parametrize("command", [["kit", "more"], ["labs"], ["verify"]])
def test_what_authors_do_cannot_be_done_in_a_kit(
    kit: Kit, tmp_path: Path, capsys: pytest.CaptureFixture[str], command: list[str]
) -> None:
    """It has not got what a kit is made of, and what a course is proved with."""
    lay(kit, tmp_path / "kit")
    course = str(tmp_path / "kit" / "checkpoints")

    assert cli.run([*command, "--checkpoints", course]) == 2
    assert "This is a kit" in capsys.readouterr().err


def test_the_readme_of_a_kit_knows_the_steps(course: Course, kit: Kit) -> None:
    """Their names, when they are worked on, and where their texts are."""
    rows = [
        line
        for line in kit.files["README.md"].decode().splitlines()
        if line.startswith("| `") and "labs/" in line and "README.md" in line
    ]

    for step, row in zip(course.steps, rows, strict=True):
        begins, ends = step.minutes or (0, 0)
        assert row.startswith(f"| `{step.slug}` | {step.title.lower()[:7]}")
        assert f"| Part {step.part}, {begins}-{ends} |" in row
        assert f"labs/{step.folder.name}/README.md" in row


def test_a_lab_without_a_place_for_its_checks_is_said(tmp_path: Path) -> None:
    """The lines to add are named."""
    course = Course.read(ROOT / "checkpoints")

    with pytest.raises(MisuseError, match="no place for what is checked"):
        labs_now(course, tmp_path)


def test_a_manifest_keeps_its_comments() -> None:
    """A comment goes with the table below it; a table is kept or left as a whole."""
    text = (
        "# all\nkey = 1\n\n# of a\n[a]\nx = [\n  1,\n]\n\n# of b\n[b.c]\ny = 2\n[[d]]\n"
    )

    assert [table.name for table in tables(text)] == ["", "a", "b.c", "d"]
    kept = select(text, lambda name: name != "a")
    assert kept == "# all\nkey = 1\n\n# of b\n[b.c]\ny = 2\n\n[[d]]\n"
    assert tomllib.loads(kept) == {"key": 1, "b": {"c": {"y": 2}}, "d": [{}]}
