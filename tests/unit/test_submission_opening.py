"""Folders and git checkouts are opened without following or running anything."""

import os
from pathlib import Path

import pytest

from grader.errors import MisuseError
from grader.submission import open_submission
from grader.submission.folder import read_folder
from grader.submission.intake import Limits
from grader.submission.names import admit
from grader.submission.notes import Notes

COMMIT = "0123456789abcdef0123456789abcdef01234567"


def lay(folder: Path, **files: str) -> Path:
    """Write files; `__` in a keyword is a slash and `_dot_` a dot."""
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_dot_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def test_a_folder_is_read_as_it_is(tmp_path: Path) -> None:
    """A plain folder has no commit and nothing to note."""
    lay(tmp_path / "work", app__main_dot_py="x = 1", README_dot_md="hi")

    submission = open_submission(tmp_path / "work")

    assert (submission.name, submission.kind) == ("work", "folder")
    assert submission.tree.paths() == ("README.md", "app/main.py")
    assert (submission.commit, submission.notes) == (None, ())


@pytest.mark.parametrize("name", ["none", "long" * 2000, "zero\0byte"])
def test_a_path_that_does_not_exist_is_misuse(tmp_path: Path, name: str) -> None:
    """The path is named, and so is what can be given."""
    with pytest.raises(MisuseError, match="There is nothing at"):
        open_submission(tmp_path / name)


def test_an_empty_folder_and_one_without_python_are_misuse(tmp_path: Path) -> None:
    """The two are told apart."""
    with pytest.raises(MisuseError, match="is empty"):
        open_submission(tmp_path)
    with pytest.raises(MisuseError, match="no Python file"):
        open_submission(lay(tmp_path, a_dot_txt="x"))


def test_a_pipe_is_misuse(tmp_path: Path) -> None:
    """Opening one would wait for ever."""
    os.mkfifo(tmp_path / "pipe")

    with pytest.raises(MisuseError, match="neither a folder nor"):
        open_submission(tmp_path / "pipe")


def test_links_and_pipes_are_skipped_and_noted(tmp_path: Path) -> None:
    """A link to a secret, a link to a folder and a pipe give nothing away."""
    secret = lay(tmp_path / "outside", key_dot_py="secret")
    work = lay(tmp_path / "work", main_dot_py="x = 1")
    (work / "link.py").symlink_to(secret / "key.py")
    (work / "linked").symlink_to(secret)
    (work / "loop").symlink_to(work)
    os.mkfifo(work / "pipe.py")

    submission = open_submission(work)

    assert submission.tree.paths() == ("main.py",)
    assert submission.notes == (
        "Left out linked, loop, link.py: links are not followed.",
        "Left out pipe.py: not an ordinary file.",
    )


def test_what_tools_made_is_left_out(tmp_path: Path) -> None:
    """Environments, caches and builds are not the student's work."""
    lay(
        tmp_path,
        main_dot_py="",
        _dot_venv__lib__a_dot_py="",
        mine__pyvenv_dot_cfg="",
        mine__lib__b_dot_py="",
        node_modules__c_dot_py="",
        build__lib__d_dot_py="",
        plants_dot_egg_info__e_dot_py="",
        build__keep_dot_py="",
        env__keep_dot_py="",
    )
    (tmp_path / "plants.egg-info").mkdir()
    (tmp_path / "plants.egg-info" / "PKG-INFO").write_text("")
    (tmp_path / "old.pyc").write_bytes(b"")

    paths = open_submission(tmp_path).tree.paths()

    assert "build/keep.py" in paths
    assert "env/keep.py" in paths
    assert "main.py" in paths
    assert not [path for path in paths if path[-4:] in {"a.py", "b.py", "c.py", "d.py"}]
    assert not [path for path in paths if "egg-info" in path or "pyc" in path]


def test_databases_and_settings_are_left_out_with_a_note(tmp_path: Path) -> None:
    """A committed database would be graded instead of the code."""
    lay(tmp_path, main_dot_py="", movies_dot_db="", _dot_env="A=1")
    lay(tmp_path, _dot_env_dot_example="A=", data__a_dot_sqlite3="")
    (tmp_path / "movies.db-wal").write_text("")

    submission = open_submission(tmp_path)

    assert submission.tree.paths() == (".env.example", "main.py")
    assert submission.notes == (
        "Left out .env: settings of your own machine.",
        "Left out movies.db, movies.db-wal, data/a.sqlite3: a committed database.",
    )


def test_names_that_cannot_be_shown_are_left_out(tmp_path: Path) -> None:
    """Newlines, control characters and broken encodings; others are normalised."""
    lay(tmp_path, main_dot_py="")
    for name in (b"two\nlines.py", b"bell\x07.py", b"broken\xff.py"):
        Path(os.fsdecode(bytes(tmp_path) + b"/" + name)).write_text("")
    (tmp_path / "cafe\u0301.py").write_text("")

    submission = open_submission(tmp_path)

    assert submission.tree.paths() == ("caf\u00e9.py", "main.py")
    (note,) = submission.notes
    assert "cannot be used" in note
    assert note.isprintable()


@pytest.mark.parametrize("name", ["\ud800.py", "broken\udcff.py", "a\u2028b.py"])
def test_any_name_can_be_noted(name: str) -> None:
    """Windows allows half a character in a name; a note must stand it, too."""
    notes = Notes()

    assert admit(name, notes) is None

    (note,) = notes.sentences()
    assert "cannot be used" in note
    assert note.isprintable()


def test_two_names_that_normalise_alike_give_one_file(tmp_path: Path) -> None:
    """The first one is taken and the other noted."""
    (tmp_path / "cafe\u0301.py").write_text("1")
    (tmp_path / "caf\u00e9.py").write_text("2")

    submission = open_submission(tmp_path)

    assert submission.tree.paths() == ("caf\u00e9.py",)
    assert "the same name" in submission.notes[0]


def test_large_files_and_too_many_files_are_cut_with_sources_first(
    tmp_path: Path,
) -> None:
    """What does not fit is noted; the same files are chosen every time."""
    lay(tmp_path, main_dot_py="x", big_dot_py="x" * 50, a_dot_png="x", b_dot_png="x")
    notes = Notes()

    files = read_folder(
        tmp_path, Limits(files=2, file_bytes=10, total_bytes=100), (), notes
    )

    assert sorted(files) == ["a.png", "main.py"]
    assert len(notes.sentences()) == 2


def test_a_file_beyond_the_total_is_left_out(tmp_path: Path) -> None:
    """Small files still fit after a large one did not."""
    lay(tmp_path, a_dot_py="x" * 8, b_dot_py="x" * 8, c_dot_py="x")
    notes = Notes()

    files = read_folder(tmp_path, Limits(file_bytes=10, total_bytes=10), (), notes)

    assert sorted(files) == ["a.py", "c.py"]


def test_notes_stay_short_however_much_is_left_out(tmp_path: Path) -> None:
    """Three names stand for all."""
    lay(tmp_path, main_dot_py="")
    for number in range(50):
        (tmp_path / f"{number:02}.db").write_text("")

    assert open_submission(tmp_path).notes == (
        "Left out 00.db, 01.db, 02.db and 47 more: a committed database.",
    )


def test_a_very_deep_folder_ends_somewhere(tmp_path: Path) -> None:
    """The walk does not follow a folder of hundreds."""
    lay(tmp_path, main_dot_py="")
    here = tmp_path
    for _ in range(300):
        here /= "d"
        here.mkdir()

    submission = open_submission(tmp_path)

    assert submission.tree.paths() == ("main.py",)
    assert "too deep" in submission.notes[0]


def test_a_lone_folder_around_the_project_is_stepped_into(tmp_path: Path) -> None:
    """Also when an archive tool left its own files beside it."""
    lay(tmp_path, outer__inner__app__main_dot_py="", outer__inner__README="")
    lay(tmp_path, __MACOSX__x="", _dot_DS_Store="")

    assert open_submission(tmp_path).tree.paths() == ("README", "app/main.py")


def test_a_lone_package_is_not_stepped_into(tmp_path: Path) -> None:
    """Its name is part of its imports."""
    by_init = lay(tmp_path / "a", app____init___dot_py="")
    (by_init / "app").mkdir(exist_ok=True)
    (by_init / "app" / "__init__.py").write_text("")
    relative = lay(tmp_path / "b", app__main_dot_py="from .db import x")
    absolute = lay(tmp_path / "c", app__api__main_dot_py="from app.db import x")

    assert "app/__init__.py" in open_submission(by_init).tree.paths()
    assert open_submission(relative).tree.paths() == ("app/main.py",)
    assert open_submission(absolute).tree.paths() == ("app/api/main.py",)
    alone = lay(tmp_path / "d", app__db_dot_py="x = 1")
    assert open_submission(alone).tree.paths() == ("app/db.py",)


def test_folders_of_the_course_are_left_out(tmp_path: Path) -> None:
    """Our own repository holds more than a service, also inside a lone folder."""
    lay(tmp_path / "one", main_dot_py="", labs__a_dot_py="", tests__assets__b_dot_py="")
    lay(tmp_path / "two" / "repo", main_dot_py="", labs__a_dot_py="")
    (tmp_path / "two" / "repo" / "pyproject.toml").write_text("")

    for folder in ("one", "two"):
        submission = open_submission(
            tmp_path / folder, leave_out=("labs", "tests/assets")
        )
        assert submission.tree.paths(".py") == ("main.py",)


def test_a_project_says_what_is_no_part_of_its_service(tmp_path: Path) -> None:
    """Folders, once they are there; the report says so."""
    lay(tmp_path, app__main_dot_py="", lab__try_dot_py="", app__old__a_dot_py="")
    settings = '[tool.grader]\nleave-out = ["lab/", "app/old", "app/o", "none", 7]\n'
    (tmp_path / "pyproject.toml").write_text(settings)

    submission = open_submission(tmp_path)

    assert submission.tree.paths(".py") == ("app/main.py",)
    assert "lab, app/old: pyproject.toml says" in submission.notes[0]


@pytest.mark.parametrize(
    "settings",
    [
        "[tool.grader]\nleave-out = 7",
        "[tool.grader]\nleave-out = 'main.py'",
        "[tool.grader]\nleave-out = ",
        "tool = 1\n#[tool.grader]",
        "[tool.grader]\nleave-out = " + "[" * 5_000,
        "[tool.grader]\nleave-out = ['']\n#" + "x" * 100_000,
    ],
)
def test_odd_settings_leave_nothing_out(tmp_path: Path, settings: str) -> None:
    """Whatever they are, the submission is taken in whole."""
    lay(tmp_path, main_dot_py="", pyproject_dot_toml=settings)

    assert open_submission(tmp_path).tree.paths(".py") == ("main.py",)


def git_folder(tmp_path: Path, head: str) -> Path:
    """Lay a checkout by hand, as git would."""
    lay(tmp_path, main_dot_py="")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "HEAD").write_text(head)
    return tmp_path


def test_a_checkout_tells_its_commit(tmp_path: Path) -> None:
    """Detached, from a branch's own file, or from the packed ones."""
    work = git_folder(tmp_path, f"{COMMIT}\n")
    assert open_submission(work).commit == COMMIT
    assert open_submission(work).kind == "git"

    (work / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
    assert open_submission(work).commit is None

    (work / ".git" / "packed-refs").write_text(f"# pack\n{COMMIT} refs/heads/main\n")
    assert open_submission(work).commit == COMMIT

    other = COMMIT[::-1]
    (work / ".git" / "refs" / "heads").mkdir(parents=True)
    (work / ".git" / "refs" / "heads" / "main").write_text(other)
    assert open_submission(work).commit == other


def test_a_worktree_tells_its_commit(tmp_path: Path) -> None:
    """Its .git is a file that points elsewhere."""
    work = lay(tmp_path / "work", main_dot_py="", _dot_git="gitdir: ../store\n")
    lay(tmp_path / "store", HEAD=f"{COMMIT}\n")

    assert open_submission(work).commit == COMMIT


@pytest.mark.parametrize(
    "head",
    ["", "ref: refs/heads/../../../secret", "ref: /etc/passwd", "x" * 40, "\0"],
)
def test_an_odd_checkout_has_no_commit(tmp_path: Path, head: str) -> None:
    """Nothing but a commit is ever shown."""
    lay(tmp_path, secret=COMMIT)

    assert open_submission(git_folder(tmp_path, head)).commit is None
