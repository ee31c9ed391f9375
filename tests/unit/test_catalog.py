"""A course is read from its folder, and a wrong manifest is the course's fault."""

from pathlib import Path

import pytest

from grader.catalog import Course
from grader.errors import GraderFault, MisuseError

STEP = 'title = "Greet"\npoints = 3\ncriterion = "words"\n'
PITFALL = """
[{slug}]
diagnosis = "It greets nobody."
why = "The name is not used."
see = "Call it."
way_out = "Use the name."
handout = "Part A"
criterion = "words"
"""


def write(folder: Path, **files: str) -> Path:
    """Write files whose names have ``__`` for a slash and ``_toml`` for the ending."""
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_toml", ".toml")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder


def test_the_steps_come_in_the_order_of_their_folders(two_steps: Path) -> None:
    """The number in front orders the steps and is no part of the slug."""
    course = Course.read(two_steps)

    assert [step.slug for step in course.steps] == ["greet", "count"]
    assert course.criteria == ("words", "numbers")
    assert [step.points for step in course.steps] == [3.0, 2.0]
    assert list(course.steps[0].suites()) == ["visible"]


def test_a_folder_without_checkpoints_is_misuse(tmp_path: Path) -> None:
    """Whoever points at the wrong folder learns what a right one looks like."""
    with pytest.raises(MisuseError, match="holds no checkpoints"):
        Course.read(tmp_path)


@pytest.mark.parametrize(
    "manifest", ["", "title = 'Greet'", "points = 'many'\ntitle = 'Greet'", "title ="]
)
def test_a_wrong_manifest_is_the_course_s_fault(tmp_path: Path, manifest: str) -> None:
    """The message names the file."""
    folder = write(tmp_path, **{"01_greet__checkpoint_toml": manifest})

    with pytest.raises(GraderFault, match=r"01_greet/checkpoint\.toml"):
        Course.read(folder)


def test_a_misspelt_step_is_answered_with_the_nearest(two_steps: Path) -> None:
    """The next step names what was probably meant, and all that there is."""
    with pytest.raises(MisuseError) as caught:
        Course.read(two_steps).step("grete")

    assert caught.value.next_step == (
        'Did you mean "greet"? The steps are greet, count.'
    )


def test_pitfalls_are_read_beside_the_course_and_its_steps(tmp_path: Path) -> None:
    """A pitfall that several steps detect can stand beside them all."""
    folder = write(
        tmp_path,
        **{
            "01_greet__checkpoint_toml": STEP,
            "01_greet__pitfalls_toml": PITFALL.format(slug="nobody"),
            "pitfalls_toml": PITFALL.format(slug="everybody"),
        },
    )

    course = Course.read(folder)

    assert sorted(course.pitfalls) == ["everybody", "nobody"]
    assert course.pitfalls["nobody"].way_out == "Use the name."


def test_a_pitfall_named_twice_is_refused(tmp_path: Path) -> None:
    """A slug means one mistake."""
    folder = write(
        tmp_path,
        **{
            "01_greet__checkpoint_toml": STEP,
            "01_greet__pitfalls_toml": PITFALL.format(slug="nobody"),
            "pitfalls_toml": PITFALL.format(slug="nobody"),
        },
    )

    with pytest.raises(GraderFault, match="nobody is there twice"):
        Course.read(folder)


def test_the_reference_is_laid_layer_over_layer(tmp_path: Path) -> None:
    """A later solution replaces a file of an earlier one."""
    folder = write(
        tmp_path,
        **{
            "course__01_greet__checkpoint_toml": STEP,
            "course__02_count__checkpoint_toml": STEP,
            "course__course_toml": (
                '[layers]\nbaseline = "../base"\nsolutions = "../done"\n'
            ),
            "base__a.py": "0",
            "base__b.py": "0",
            "done__01_greet__a.py": "1",
            "done__02_count__a.py": "2",
        },
    )

    course = Course.read(folder / "course")

    assert course.reference(0).files == {"a.py": b"0", "b.py": b"0"}
    assert course.reference(1).files == {"a.py": b"1", "b.py": b"0"}
    assert course.reference().files == {"a.py": b"2", "b.py": b"0"}


def test_the_digest_follows_what_decides_a_grade(tmp_path: Path) -> None:
    """A suite counts; a variant that only proves the suite does not."""
    folder = write(tmp_path, **{"01_greet__checkpoint_toml": STEP})
    before = Course.read(folder).digest

    write(folder, **{"01_greet__rejects__mute__hello.py": "x = 1"})
    with_a_variant = Course.read(folder).digest
    write(folder, **{"01_greet__test_hidden.py": "x = 1"})

    assert with_a_variant == before
    assert Course.read(folder).digest != before
