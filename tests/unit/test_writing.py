"""Files are written whole, and zips depend on nothing but the files."""

import io
import stat
import zipfile
from pathlib import Path

import pytest

from grader.errors import MisuseError
from grader.writing import (
    STANDARD_OUTPUT,
    open_folder,
    require_writable,
    write_new_folder,
    write_whole,
    zipped,
)


def test_a_file_is_replaced_and_nothing_lies_beside_it(tmp_path: Path) -> None:
    """Lines keep the ends that they were given."""
    path = tmp_path / "grades.csv"
    path.write_text("old")

    write_whole(path, "é\r\n")

    assert path.read_bytes() == b"\xc3\xa9\r\n"
    assert list(tmp_path.iterdir()) == [path]


def test_whoever_reads_the_old_file_reads_all_of_it(tmp_path: Path) -> None:
    """It is replaced, and never written into."""
    path, old = tmp_path / "grades.csv", tmp_path / "old"
    path.write_text("old")
    old.hardlink_to(path)

    write_whole(path, "new")

    assert (path.read_text(), old.read_text()) == ("new", "old")


def test_what_cannot_be_written_leaves_the_old_file(tmp_path: Path) -> None:
    """Half a file would be taken for a whole one."""
    path = tmp_path / "grades.csv"
    path.write_text("old")

    with pytest.raises(UnicodeEncodeError):
        write_whole(path, "\ud800")

    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    """Its target is written."""
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_text("old")
    link.symlink_to(target)

    write_whole(link, "new")

    assert link.is_symlink()
    assert target.read_text() == "new"


def test_standard_output_is_printed(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    """As it is: no newline is translated."""
    write_whole(STANDARD_OUTPUT, "a\r\n")

    assert capsysbinary.readouterr().out == b"a\r\n"


@pytest.mark.parametrize("name", [".", "missing/grades.csv"])
def test_a_place_that_cannot_be_written_is_refused(tmp_path: Path, name: str) -> None:
    """Before any work is done."""
    with pytest.raises(MisuseError, match=r"is a folder|There is no folder"):
        require_writable(tmp_path / name, "--to")


def test_a_folder_is_made_where_it_is_missing(tmp_path: Path) -> None:
    """And a file in its place is named."""
    (tmp_path / "file").write_text("")

    made = open_folder(tmp_path / "a" / "b", "--to")

    assert stat.S_ISDIR(made.stat().st_mode)
    with pytest.raises(MisuseError, match="cannot be used as a folder"):
        open_folder(tmp_path / "file", "--to")


def test_a_failed_write_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk may be full: the file stays, and no half of another."""
    target = tmp_path / "file.txt"
    write_whole(target, b"first")

    def fail(*_: object) -> None:
        raise OSError("full")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OSError, match="full"):
        write_whole(target, b"second")

    assert target.read_bytes() == b"first"
    assert list(tmp_path.iterdir()) == [target]


def test_the_same_files_give_the_same_zip() -> None:
    """Neither their order nor the clock is in it."""
    first = zipped({"b/x.py": b"1", "a.py": b"2"})
    second = zipped({"a.py": b"2", "b/x.py": b"1"})

    assert first == second
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert archive.namelist() == ["a.py", "b/x.py"]
        assert archive.read("b/x.py") == b"1"


def test_a_new_folder_is_written_whole(tmp_path: Path) -> None:
    """With folders inside, into an empty one too."""
    folder = tmp_path / "plan"
    folder.mkdir()

    write_new_folder(folder, {"a": b"1", "b/c": b"2"}, "--to")

    assert (folder / "b" / "c").read_bytes() == b"2"
    assert list(tmp_path.iterdir()) == [folder]


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    """Somebody may have written into it."""
    folder = tmp_path / "plan"
    write_new_folder(folder, {"a": b"1"}, "--to")

    with pytest.raises(MisuseError, match="nothing in it is overwritten"):
        write_new_folder(folder, {"a": b"2"}, "--to")
    assert (folder / "a").read_bytes() == b"1"


def test_a_folder_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    """A name may be longer than a system takes."""
    with pytest.raises(MisuseError, match="cannot be written"):
        write_new_folder(tmp_path / "plan", {"a": b"1", "x" * 300: b"2"}, "--to")

    assert list(tmp_path.iterdir()) == []
