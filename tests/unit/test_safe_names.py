"""A file named after a person is the same each time and safe everywhere."""

import re

import pytest

from grader.safe_names import safe_names
from tests.class_fakes import NAMES

ODD = (
    *NAMES,
    *("..", ".", "", "/etc/passwd", "a\\b", "con", "NUL", "a:b", "x" * 400, "-rf"),
    *("ada", "Ada", "ADA", "a\u202eb", "a\x00b", "\ud800", "Andre"),
)


def test_names_are_letters_digits_and_dashes() -> None:
    """No system reads anything into them, and none is too long."""
    for name in safe_names(ODD):
        assert re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_-]{0,70}", name)
        assert name.lower() not in {"con", "nul"}


def test_different_keys_have_different_names() -> None:
    """Also on a system that folds case or normal forms."""
    assert len({name.lower() for name in safe_names(ODD)}) == len(ODD)


@pytest.mark.parametrize("key", ["ada", "s1234567", "ada-lovelace"])
def test_an_ordinary_key_is_its_own_name(key: str) -> None:
    """People find their file."""
    assert safe_names([key]) == [key]


def test_a_name_depends_on_its_key_alone() -> None:
    """A larger class renames nobody."""
    assert safe_names(ODD)[3] == safe_names([ODD[3]])[0]
