"""A workspace shows a student's work at the step that fails, and no check."""

from pathlib import Path

import pytest

from grader.bench import Opened
from grader.catalog import Course, Step
from grader.checks import CheckFacts
from grader.clinics.guide import Guide
from grader.clinics.opening import Case, commands, find_case, rebuild, twin, workspace
from grader.errors import MisuseError
from grader.plugin import Expected
from grader.report import Report
from grader.submission.layout import find_layout
from grader.submission.opening import Submission
from grader.submission.roles import Role
from grader.submission.tree import Tree
from tests.class_fakes import COURSE, check, report, standing, step

BOTH_WRONG = report(
    step("models", check("models.one", "failed", pitfall="no-table", message="No.")),
    step("store", check("store.one", "failed", pitfall="no-commit")),
)
LATE_WRONG = report(
    step("models", check("models.one")),
    step("store", check("store.one", "failed", visibility="hidden")),
)


def case(work: Report, slug: str | None = None) -> Case:
    """Open a student's case."""
    return find_case(standing("ada", work), COURSE, slug)


def expected(identity: str, visibility: str, *after: str) -> Expected:
    """Collect one check."""
    slug = identity.partition(".")[0]
    facts = CheckFacts(title=f"title of {identity}", points=1, after=after)
    return Expected(identity, slug, visibility, facts)


def collected(*checks: Expected) -> dict[str, Expected]:
    """Collect checks."""
    return {each.id: each for each in checks}


def test_the_first_need_is_opened_and_the_others_are_named() -> None:
    """First things first."""
    found = case(BOTH_WRONG)

    assert (found.step.slug, found.need.cause) == ("models", "no-table")
    assert [need.cause for need in found.others] == ["no-commit"]
    assert found.folder == Path("clinic/ada-models")
    assert case(BOTH_WRONG, "store").need.cause == "no-commit"


def test_a_step_that_waits_for_an_earlier_one_can_be_opened() -> None:
    """As it fails on right earlier steps, which is how it is opened."""
    own = check("store.one", "skipped", because=("models.one",))
    again = check("store.one", "failed", pitfall="no-order")
    work = report(BOTH_WRONG.steps[0], step("store", own, again=(again,)))

    assert case(work).need.cause == "no-table"
    assert case(work, "store").need.cause == "no-order"


@pytest.mark.parametrize(
    ("work", "slug", "told"),
    [
        (None, None, "ada has no report: nothing was handed in"),
        (LATE_WRONG, "models", "ada has nothing to repair in models"),
        (LATE_WRONG, "modles", 'There is no step "modles"'),
    ],
)
def test_what_cannot_be_opened_is_said(
    work: Report | None, slug: str | None, told: str
) -> None:
    """With what to do instead."""
    with pytest.raises(MisuseError, match=told):
        find_case(standing("ada", work), COURSE, slug)


def test_a_visible_check_is_its_own_twin() -> None:
    """There is nothing nearer."""
    checks = collected(expected("models.one", "visible"))

    found = twin(case(BOTH_WRONG).need, checks)

    assert found is checks["models.one"]


def test_the_twin_of_a_hidden_check_is_what_it_comes_after() -> None:
    """In its own step, through other hidden checks."""
    checks = collected(
        expected("store.start", "visible"),
        expected("store.kept", "visible", "models.one"),
        expected("store.last", "visible"),
        expected("store.between", "hidden", "kept"),
        expected("store.one", "hidden", "models.one", "store.between"),
        expected("models.one", "visible"),
    )

    found = twin(case(LATE_WRONG).need, checks)

    assert found is checks["store.kept"]


def test_a_hidden_check_after_nothing_has_the_last_visible_one() -> None:
    """And none where a step has no visible check."""
    first, last = expected("store.a", "visible"), expected("store.b", "visible")
    hidden = expected("store.one", "hidden")
    need = case(LATE_WRONG).need

    assert twin(need, collected(first, last, hidden)) is last
    assert twin(need, collected(hidden, expected("models.one", "visible"))) is None


def layered(tmp_path: Path) -> tuple[Course, Opened]:
    """Make a course of two files, and a submission that has both wrong."""
    solutions = tmp_path / "solutions"
    for name in ("01_models", "02_store"):
        (solutions / name).mkdir(parents=True)
    (tmp_path / "base").mkdir()
    (solutions / "01_models" / "models.py").write_text("right_models = 1\n")
    (solutions / "02_store" / "store.py").write_text("right_store = 1\n")
    steps = (
        Step("models", tmp_path / "01_models", "M", 1, "schema", own=("models",)),
        Step("store", tmp_path / "02_store", "S", 1, "crud", own=("store",)),
    )
    roles = (
        Role("models", "models.py", ("assign:right_models",)),
        Role("store", "store.py", ("assign:right_store",)),
    )
    course = Course(
        folder=tmp_path,
        steps=steps,
        criteria=COURSE.criteria,
        roles=roles,
        pitfalls=COURSE.pitfalls,
        baseline=tmp_path / "base",
        solutions={s.slug: solutions / s.folder.name for s in steps},
    )
    tree = Tree({"models.py": b"right_models = 0\n", "store.py": b"right_store = 0\n"})
    submission = Submission("ada", "folder", tree, None, ())
    return course, Opened(submission, find_layout(tree, roles))


def test_the_first_failing_step_is_opened_on_the_students_own_files(
    tmp_path: Path,
) -> None:
    """All that is before it passes."""
    course, opened = layered(tmp_path)

    found = find_case(standing("ada", LATE_WRONG), course, None)
    tree, source = rebuild(found, course, opened)

    assert tree is opened.tree
    assert source == "All files are the student's own."


def test_a_later_step_is_opened_on_right_earlier_steps(tmp_path: Path) -> None:
    """So that it can be worked on by itself."""
    course, opened = layered(tmp_path)

    found = find_case(standing("ada", BOTH_WRONG), course, "store")
    tree, source = rebuild(found, course, opened)

    assert tree.files["models.py"] == b"right_models = 1\n"
    assert tree.files["store.py"] == b"right_store = 0\n"
    assert "the course's are laid in their place" in source


def test_a_workspace_holds_the_work_and_what_to_ask() -> None:
    """Notes for the assistant beside it, and no code of a check."""
    guide = Guide({}, {"no-table": "Which class is a table?"})
    tree = Tree({"app/main.py": b"app = 1\n", "notes.txt": b"\xff"})

    files = workspace(case(BOTH_WRONG), COURSE, guide, (tree, "Own."), {"Run": "do"})

    assert sorted(files) == ["CLINIC.md", "work/app/main.py", "work/notes.txt"]
    notes = files["CLINIC.md"].decode()
    for part in ("diagnosis of no-table", "Which class is a table?", "do", "see `no-"):
        assert part in notes
    assert "## Later\n\n`no-commit` (store)" in notes


def test_the_commands_run_one_check_with_the_inputs_of_the_report(
    two_steps: Path,
) -> None:
    """The twin with the student, the hidden one for the assistant alone."""
    course = Course.read(two_steps)
    lost = report(
        step("models", check("count.counts_nothing", "failed", visibility="hidden"))
    )
    found = find_case(standing("ada", lost), course, None)
    checks = collected(expected("count.counts_nothing", "hidden", "count.shown"))

    told = commands(found, course, checks, Path("a b/work"))

    (about, command) = next(iter(told.items()))
    assert about.startswith("For you alone, a hidden check:")
    assert "02_count/test_hidden.py::test_counts_nothing" in command
    assert command.endswith("--submission 'a b/work' --seed 7")
