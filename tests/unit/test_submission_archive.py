"""Zips are read in memory, whatever they claim."""

import io
import struct
import zipfile
from pathlib import Path

import pytest

from grader.errors import MisuseError
from grader.submission import open_submission

MAIN = {"main.py": b"x = 1\n"}


def make_zip(path: Path, files: dict[str, bytes]) -> Path:
    """Write a zip, in the order given."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def test_a_zip_is_opened_like_its_folder(tmp_path: Path) -> None:
    """The lone folder in it is stepped into, Finder's leftovers are ignored."""
    path = make_zip(
        tmp_path / "work.zip",
        {
            "plants/": b"",
            "plants/app/main.py": b"x = 1",
            "plants/README.md": b"",
            "plants/.venv/lib/a.py": b"",
            "plants/mine/pyvenv.cfg": b"",
            "plants/mine/lib/a.py": b"",
            "__MACOSX/plants/._README.md": b"",
        },
    )

    submission = open_submission(path)

    assert (submission.name, submission.kind) == ("work", "zip")
    assert submission.tree.paths() == ("README.md", "app/main.py")


def test_names_that_point_outside_are_refused(tmp_path: Path) -> None:
    """Nothing is written to disk, and nothing of it is kept."""
    path = make_zip(
        tmp_path / "work.zip",
        {
            "../evil.py": b"",
            "/etc/evil.py": b"",
            "a/../../evil.py": b"",
            "C:\\evil.py": b"",
            **MAIN,
        },
    )

    submission = open_submission(path)

    assert submission.tree.paths() == ("main.py",)
    assert "points outside" in submission.notes[0]
    assert "and 1 more" in submission.notes[0]
    assert [entry.name for entry in tmp_path.iterdir()] == ["work.zip"]


def test_links_in_a_zip_are_not_followed(tmp_path: Path) -> None:
    """A link is stored as a file whose content is its target."""
    link = zipfile.ZipInfo("link.py")
    link.external_attr = 0o120777 << 16
    path = make_zip(tmp_path / "work.zip", MAIN)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(link, "/etc/passwd")

    submission = open_submission(path)

    assert submission.tree.paths() == ("main.py",)
    assert "links" in submission.notes[0]


def test_names_of_other_systems_are_understood(tmp_path: Path) -> None:
    """Backslashes of Windows; UTF-8 that does not say so."""
    path = make_zip(tmp_path / "work.zip", {"app\\main.py": b"", "X" * 8: b""})
    raw = path.read_bytes().replace(b"X" * 8, "צמחי".encode())
    path.write_bytes(raw)

    assert open_submission(path).tree.paths() == ("app/main.py", "צמחי")


def test_a_name_given_twice_or_as_file_and_folder_is_taken_once(
    tmp_path: Path,
) -> None:
    """A tree that could not be laid on a disk never comes to be."""
    path = tmp_path / "work.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("main.py", "a", "a/b.py"):
            archive.writestr(name, name)
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("main.py", "again")

    submission = open_submission(path)

    assert submission.tree.paths() == ("a/b.py", "main.py")
    assert "both a file and a folder" in submission.notes[0]


@pytest.mark.parametrize(
    "content", [b"", b"not a zip", b"PK\x03\x04" + b"x" * 99, b"\x1f\x8b" * 50]
)
def test_a_file_that_is_no_zip_is_misuse(tmp_path: Path, content: bytes) -> None:
    """What can be given instead is said."""
    path = tmp_path / "work.zip"
    path.write_bytes(content)

    with pytest.raises(MisuseError, match="is not a zip"):
        open_submission(path)


def test_a_damaged_zip_is_misuse(tmp_path: Path) -> None:
    """At every byte that is changed it opens, or is refused with a clear error."""
    intact = make_zip(tmp_path / "work.zip", {"main.py": b"x = 1\n" * 9}).read_bytes()
    refused = 0
    for position in range(len(intact)):
        path = tmp_path / "bad.zip"
        path.write_bytes(
            intact[:position]
            + bytes([intact[position] ^ 0xFF])
            + intact[position + 1 :]
        )
        try:
            open_submission(path)
        except MisuseError:
            refused += 1

    assert refused > len(intact) // 3


def test_a_locked_zip_is_misuse(tmp_path: Path) -> None:
    """The flag alone is enough; no password is guessed."""
    path = make_zip(tmp_path / "work.zip", MAIN)
    raw = bytearray(path.read_bytes())
    raw[raw.index(b"PK\x03\x04") + 6] |= 1
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(raw)

    with pytest.raises(MisuseError, match="password"):
        open_submission(path)


def test_a_zip_that_unpacks_to_very_much_is_misuse(tmp_path: Path) -> None:
    """Many files, each small enough, add up to a bomb."""
    files = {f"{number}.txt": bytes(1_900_000) for number in range(30)}
    path = make_zip(tmp_path / "work.zip", {**MAIN, **files})

    with pytest.raises(MisuseError, match="would unpack to 57 MB"):
        open_submission(path)


def test_one_large_file_is_left_out_unread(tmp_path: Path) -> None:
    """A recording among the sources does not stop the grading."""
    path = make_zip(tmp_path / "work.zip", {**MAIN, "film.mp4": bytes(3_000_000)})

    submission = open_submission(path)

    assert submission.tree.paths() == ("main.py",)
    assert submission.notes == ("Left out film.mp4: larger than 2000 kB.",)


@pytest.mark.parametrize("declared", [10, 1_000_000])
def test_a_file_that_lies_about_its_size_is_misuse(
    tmp_path: Path, declared: int
) -> None:
    """No more than the declared size is ever unpacked, and then it is refused."""
    path = make_zip(tmp_path / "work.zip", {"main.py": bytes(500_000)})
    raw = bytearray(path.read_bytes())
    struct.pack_into("<I", raw, raw.index(b"PK\x03\x04") + 22, declared)
    struct.pack_into("<I", raw, raw.index(b"PK\x01\x02") + 24, declared)
    path.write_bytes(raw)

    with pytest.raises(MisuseError, match="damaged"):
        open_submission(path)


def test_a_huge_table_of_contents_is_misuse(tmp_path: Path) -> None:
    """It is refused by its declared size, before anything reads it."""
    path = make_zip(tmp_path / "work.zip", MAIN)
    raw = bytearray(path.read_bytes())
    struct.pack_into("<I", raw, raw.rindex(b"PK\x05\x06") + 12, 0x7FFFFFFF)
    path.write_bytes(raw)

    with pytest.raises(MisuseError, match="far too many"):
        open_submission(path)


def test_a_zip_within_a_zip_stays_closed(tmp_path: Path) -> None:
    """Only the outer one is the submission."""
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("main.py", "x = 1")
    path = make_zip(tmp_path / "work.zip", {"inner.zip": inner.getvalue()})

    with pytest.raises(MisuseError, match="no Python file"):
        open_submission(path)
