"""Trees are immutable, ordered and safe."""

from pathlib import Path

import pytest

from grader.errors import MisuseError
from grader.submission import Tree


def test_the_digest_depends_on_paths_and_contents_only() -> None:
    """Order does not matter; a byte that moves between files does."""
    one = Tree({"b": b"2", "a": b"1"})

    assert one.digest == Tree({"a": b"1", "b": b"2"}).digest
    assert one == Tree({"a": b"1", "b": b"2"})
    assert one.digest.startswith("sha256:")
    assert Tree({"a": b"12"}).digest != Tree({"a1": b"2"}).digest


def test_the_files_are_sorted_and_cannot_be_changed() -> None:
    """Nothing downstream can alter what was opened."""
    tree = Tree({"b": b"", "a": b""})

    assert list(tree.files) == ["a", "b"]
    with pytest.raises(TypeError):
        tree.files["c"] = b""  # type: ignore[index]


@pytest.mark.parametrize("path", ["/a", "../a", "a/../b", "a//b", "./a", "", "a\0b"])
def test_a_path_that_leaves_the_tree_is_refused(path: str) -> None:
    """A tree can be written to a folder without looking at its paths again."""
    with pytest.raises(ValueError, match="relative path"):
        Tree({path: b""})


def test_an_overlay_wins_also_over_a_folder_of_the_same_name() -> None:
    """A file may replace a folder and a folder a file."""
    below = Tree({"m.py": b"old", "p/q.py": b"old", "f": b"old", "keep": b"old"})

    laid = below.overlay({"m.py": b"new", "p": b"new", "f/g": b"new"})

    assert dict(laid.files) == {
        "f/g": b"new",
        "keep": b"old",
        "m.py": b"new",
        "p": b"new",
    }


def test_files_are_left_out_by_folder_and_by_glob() -> None:
    """A folder takes everything in it along."""
    tree = Tree({"a/b.py": b"", "ab.py": b"", "c/d.md": b""})

    assert tree.without("a/", "*.md").paths() == ("ab.py",)


def test_a_folder_becomes_a_tree_of_its_own() -> None:
    """Paths are then relative to the folder."""
    tree = Tree({"a/b.py": b"", "ab.py": b""})

    assert tree.under("a").paths(".py") == ("b.py",)
    assert tree.under("") == tree


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_text_is_decoded_by_its_byte_order_mark(encoding: str) -> None:
    """Windows tools write UTF-16; newlines come out alike."""
    tree = Tree({"a.txt": "שלום\r\nworld\r".encode(encoding)})

    assert tree.text("a.txt") == "שלום\nworld\n"


def test_text_that_cannot_be_decoded_is_still_text() -> None:
    """A broken byte is replaced."""
    assert Tree({"a": b"caf\xe9"}).text("a") == "caf\ufffd"


def test_a_folder_of_ours_is_read_by_the_same_rules(tmp_path: Path) -> None:
    """Caches are left out there too, and a missing folder is an error."""
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "a.pyc").write_bytes(b"")
    (tmp_path / "a.py").write_bytes(b"x = 1\n")

    assert dict(Tree.read(tmp_path).files) == {"a.py": b"x = 1\n"}
    with pytest.raises(MisuseError):
        Tree.read(tmp_path / "none")
