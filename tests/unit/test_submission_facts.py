"""Facts come from syntax alone, and hostile source only gives an error."""

import pytest

from grader.submission import module_facts

SOURCE = b"""
import os.path
from fastapi import FastAPI
from .db import get_session
from .. import shared

app: FastAPI = FastAPI()
try:
    engine = create_engine("x")
except Exception:
    engine = None

class Movie(sqlmodel.SQLModel, table=True):
    __tablename__ = "films"
    id: int
    def get_session(self): ...

@app.get("/")
async def home(): ...
"""


def test_a_module_shows_its_signs() -> None:
    """Definitions, calls, bases, keywords and decorators."""
    facts = module_facts(SOURCE)

    assert facts.error is None
    assert {
        *("import:os.path", "import:os", "import:fastapi", "assign:app"),
        *("call:FastAPI", "call:create_engine", "assign:engine", "class:Movie"),
        *("base:SQLModel", "keyword:table=True", "attribute:__tablename__"),
        *("method:get_session", "decorator:get", "def:home", "binds:get_session"),
    } <= facts.signs


def test_a_method_is_no_session_provider() -> None:
    """A method of the same name is something else."""
    assert "def:get_session" not in module_facts(SOURCE).signs


def test_imports_are_absolute_and_links_are_all() -> None:
    """Relative imports keep their dots."""
    facts = module_facts(SOURCE)

    assert facts.imports == {"os.path", "fastapi"}
    assert {".db", ".db.get_session", "..", "..shared", "os.path"} <= facts.links
    assert facts.level == 2


def test_tests_are_seen_wherever_they_are() -> None:
    """Also as methods of a class."""
    source = b"class TestA:\n    def test_x(self): ..."

    assert "tests" in module_facts(source).signs


@pytest.mark.parametrize(
    "source",
    [
        b"def f(:",
        b"x = '\0'",
        "x = 1".encode("utf-16"),
        b"# -*- coding: nonsense -*-\nx = 1",
        b"\xff\xfe\xff",
        b"(" * 50_000,
        b"-" * 100_000 + b"1",
        b"x" + b".a" * 100_000,
        b"x = " + b"[" * 90 + b"f'" + b"{" * 300,
        b"1" * 10_000,
        b"#" * 500_000,
        b"\n".join(b" " * depth + b"if x:" for depth in range(200)),
    ],
)
def test_source_that_cannot_be_read_gives_a_reason(source: bytes) -> None:
    """The reason is one line, and there are no signs."""
    facts = module_facts(source)

    assert facts.error
    assert "\n" not in facts.error
    assert not facts.signs


def test_crlf_a_byte_order_mark_and_odd_escapes_do_no_harm() -> None:
    """What Python accepts is accepted, without a warning."""
    facts = module_facts(b"\xef\xbb\xbfpattern = '\\d'\r\napp = 1\r\n")

    assert facts.error is None
    assert "assign:app" in facts.signs
