"""Hold names, layers and variants to each other, on a copy of a tiny course."""

import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from grader.catalog import Course
from grader.errors import GraderFault, MisuseError
from grader.verifying.gaps import listed
from grader.verifying.jobs import Selection
from grader.verifying.proof import Claims

ASSETS = Path(__file__).parents[1] / "assets" / "courses"
Edit = Callable[[str, str, str], None]


@pytest.fixture
def course(tmp_path: Path) -> Iterator[Path]:
    """Copy the tiny course, to be spoilt, and forget its modules afterwards."""
    copy = tmp_path / "course"
    shutil.copytree(ASSETS / "verify_course", copy)
    yield copy
    for name, module in list(sys.modules.items()):
        if str(getattr(module, "__file__", None)).startswith(str(copy)):
            del sys.modules[name]


@pytest.fixture
def edit(course: Path) -> Edit:
    """Give a way to replace some text of the course."""

    def replace(path: str, old: str, new: str) -> None:
        text = (course / path).read_text("utf-8")
        assert old in text
        (course / path).write_text(text.replace(old, new), "utf-8")

    return replace


def found(course: Path) -> list[tuple[str, str]]:
    """Return the rule and subject of each gap that shows without grading."""
    claims = Claims.read(Course.read(course / "checkpoints"), Selection())
    return [(gap.rule, gap.subject) for gap in claims.gaps()]


def test_a_course_in_order_has_no_gap(course: Path) -> None:
    """The tiny course is as it should be."""
    assert found(course) == []


VISIBLE = "checkpoints/01_greet/test_visible.py"
HIDDEN = "checkpoints/02_count/test_hidden.py"
REJECT = "checkpoints/02_count/rejects/counts_below_nothing/variant.toml"
PITFALLS = "checkpoints/02_count/pitfalls.toml"
STARTER = "labs/02_count/starter/counting.py"
MANIFEST = "checkpoints/02_count/checkpoint.toml"
COURSE = "checkpoints/course.toml"


@pytest.mark.parametrize(
    ("slip", "gap"),
    [
        ((VISIBLE, "points=3", "points=2"), ("points", "greet")),
        ((VISIBLE, ", core=True", ""), ("criteria", "words")),
        (
            (
                HIDDEN,
                "There is nothing to count below the first number.",
                "Counting gives every number once.",
            ),
            ("titles", "count"),
        ),
        (
            (HIDDEN, "after=test_counts", 'after="greet.dances"'),
            ("prerequisites", "count.counts_nothing"),
        ),
        (
            (HIDDEN, "core=True)", 'core=True, after="counts_nothing")'),
            ("prerequisites", "count.counts"),
        ),
        ((HIDDEN, "off-by-one", "off-by-two"), ("pitfall-known", "off-by-two")),
        ((HIDDEN, "counts-nothing", "off-by-one"), ("pitfall-used", "counts-nothing")),
        ((PITFALLS, '"numbers"', '"sums"'), ("criteria", "off-by-one")),
        (
            (REJECT, '["count.counts_nothing"]', '["count.counts"]'),
            ("check-fails", "count.counts_nothing"),
        ),
        (
            (REJECT, '"counts-nothing"', '"off-by-one"'),
            ("pitfall-shown", "counts-nothing"),
        ),
        (
            (REJECT, "pitfall", "pitfal"),
            ("variant", "count/rejects/counts_below_nothing"),
        ),
        (
            (REJECT, "counts-nothing", "counts-less"),
            ("variant", "count/rejects/counts_below_nothing"),
        ),
        (
            (REJECT, "about", 'remove = ["sums.py"]\nabout'),
            ("variant", "count/rejects/counts_below_nothing"),
        ),
        ((STARTER, "TODO(count)", "Later"), ("layers", "count")),
        ((STARTER, "return None", "return ("), ("layers", "count")),
        (
            (
                "solutions/02_count/counting.py",
                "return",
                "# TODO(count): more\n    return",
            ),
            ("layers", "count"),
        ),
        (
            ("labs/02_count/README.md", "lists", "(see test_counts_nothing) lists"),
            ("kit", "count.counts_nothing"),
        ),
        ((HIDDEN, "every number once", "-1 and 7"), None),
        ((HIDDEN, "(3, 9)", "(33, 99)"), None),
        ((COURSE, "rejects = 3", "rejects = 4"), ("rejects", "course")),
        ((COURSE, "accepts = 1", "accepts = 2"), ("accepts", "greet")),
        ((MANIFEST, '"counting.py"', '"counter"'), ("roles", "count")),
        ((MANIFEST, "inputs", 'chaffs = "chaffs"\ninputs'), ("chaffs", "count")),
    ],
)
def test_each_slip_is_a_gap(
    course: Path, edit: Edit, slip: tuple[str, str, str], gap: tuple[str, str] | None
) -> None:
    """One edit, one gap among those found."""
    edit(*slip)

    if gap is None:
        assert found(course) == []
    else:
        assert gap in found(course)


def test_a_variant_that_changes_nothing_is_a_gap(course: Path) -> None:
    """A file that is as in the finished service proves nothing."""
    variant = course / "checkpoints/02_count/accepts/appends_in_a_loop/counting.py"
    shutil.copy(course / "solutions/02_count/counting.py", variant)

    assert found(course) == [("variant", "count/accepts/appends_in_a_loop")]


def test_a_folder_without_a_manifest_is_a_gap(course: Path) -> None:
    """A forgotten variant.toml would silently prove nothing."""
    (course / "checkpoints/02_count/rejects/forgotten").mkdir()

    assert found(course) == [("variant", "count/rejects/forgotten")]


def test_a_lab_without_a_checkpoint_is_a_gap(course: Path) -> None:
    """The folders mirror each other."""
    (course / "labs/03_sum").mkdir()
    (course / "solutions/03_sum").mkdir()

    assert found(course) == [("layers", "03_sum"), ("layers", "03_sum")]


def test_a_chaff_must_differ_from_the_finished_service(
    course: Path, edit: Edit
) -> None:
    """No test could notice it."""
    edit(MANIFEST, "inputs", 'chaffs = "chaffs"\ninputs')
    chaff = course / "checkpoints/02_count/chaffs/none"
    shutil.copytree(course / "solutions/02_count", chaff)

    assert found(course) == [("chaffs", "count")]


def test_a_partial_proof_keeps_to_its_steps(course: Path, edit: Edit) -> None:
    """Whoever works on one step does not read of the others."""
    edit(VISIBLE, "points=3", "points=2")
    claims = Claims.read(Course.read(course / "checkpoints"), Selection())

    (gap,) = claims.gaps()

    assert Selection(steps=("greet",)).keeps(gap)
    assert not Selection(steps=("count",)).keeps(gap)


def test_a_suite_that_cannot_be_collected_is_our_fault(
    course: Path, edit: Edit
) -> None:
    """It is no gap: nothing at all can be said."""
    edit(HIDDEN, "from grader.checks", "from grader.cheques")

    with pytest.raises(GraderFault, match="cannot be collected"):
        found(course)


def test_a_course_without_layers_cannot_be_proved() -> None:
    """There would be nothing to grade."""
    with pytest.raises(MisuseError, match="no layers"):
        Claims.read(Course.read(ASSETS / "two_steps"), Selection())


def test_a_long_list_is_cut_and_counted() -> None:
    """A sentence stays readable."""
    assert listed("abc", most=2) == "a, b and 1 more"
