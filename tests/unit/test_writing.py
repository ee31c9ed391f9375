"""Files are written whole, and zips depend on nothing but the files."""

import io
import zipfile
from pathlib import Path

import pytest

from grader.writing import write_whole, zipped


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    """The folder is made, and nothing unfinished stays beside the file."""
    target = tmp_path / "new" / "file.txt"

    write_whole(target, b"first")
    write_whole(target, b"second")

    assert target.read_bytes() == b"second"
    assert list(target.parent.iterdir()) == [target]


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
