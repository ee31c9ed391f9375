"""What a saved file can affect is checked again, and nothing else."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from grader.catalog import Course, Step
from grader.errors import MisuseError
from grader.report import CheckReport, Outcome
from grader.student import session, starting
from grader.student.checked import Checked
from grader.student.watching import Watcher, affected, differences, snapshot
from grader.student.workspace import Workspace
from grader.verifying.settings import StepSettings

ROOT = Path(__file__).resolve().parents[2]
COURSE = ROOT / "tests" / "assets" / "courses" / "verify_course" / "checkpoints"
NOW = datetime(2026, 11, 23, 14, 10, tzinfo=UTC)
SETTINGS = {
    "models": StepSettings(ignores=("tests", "cli")),
    "fixtures": StepSettings(inputs=("tests", "*conftest.py")),
}
FOUND = {"tests": "movie_service/tests/", "cli": "movie_service/cli.py"}


@pytest.mark.parametrize(
    ("path", "steps"),
    [
        ("movie_service/models.py", {"models"}),
        ("movie_service/cli.py", set()),
        ("movie_service/tests/test_movies.py", {"fixtures"}),
        ("conftest.py", {"models", "fixtures"}),
    ],
)
def test_a_file_affects_what_depends_on_it(path: str, steps: set[str]) -> None:
    """As the manifests say."""
    assert affected([path], SETTINGS, FOUND, inputs_decide=True) == steps


def test_in_a_kit_tests_depend_on_the_service_too() -> None:
    """They meet the student's own there."""
    changed = ["movie_service/models.py"]

    found = affected(changed, SETTINGS, FOUND, inputs_decide=False)

    assert found == {"models", "fixtures"}


def test_only_what_is_graded_is_watched(tmp_path: Path) -> None:
    """No caches, no databases, nothing of the course."""
    for name in ("a.py", "movies.db", ".venv/x.py", "labs/b.py", "m/__pycache__/c.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")

    assert set(snapshot(tmp_path, ["labs"])) == {"a.py"}


def test_differences_are_made_changed_and_removed() -> None:
    """Each by its path."""
    before, after = {"a": (1, 1), "b": (1, 1)}, {"b": (2, 1), "c": (1, 1)}

    assert differences(before, after) == {"a", "b", "c"}


@dataclass
class Screen:
    """Write down what would be shown."""

    shown: list[str] = field(default_factory=list)

    def checked(self, result: session.Result, fresh: Collection[str]) -> None:
        """Note a run."""
        self.shown.append(f"checked {','.join(s.slug for s in result.steps)}")
        self.shown += [f"green {slug}" for slug in sorted(fresh)]

    def hint(self, step: Step, told: session.Told | None) -> None:
        """Note a hint."""
        self.shown.append(f"hint {step.slug} {len(told.rungs) if told else 0}")

    def begun(self, started: starting.Started) -> None:
        """Note a start."""
        self.shown.append(f"begun {started.step.slug}")

    def trouble(self, error: MisuseError) -> None:
        """Note a trouble."""
        self.shown.append(f"trouble {error.problem}")

    def finished(self) -> None:
        """Note the end."""
        self.shown.append("finished")


def check_files(work: Path, slugs: Sequence[str]) -> Checked:
    """Pass every step whose file says that it is right."""
    names = {"greet": "greeting.py", "count": "counting.py"}

    def outcome(slug: str) -> CheckReport:
        right = "right" in (work / names[slug]).read_text()
        return CheckReport(
            id=f"{slug}.it",
            title="It.",
            visibility="visible",
            outcome=Outcome.PASSED if right else Outcome.FAILED,
            points=0,
            max_points=1,
            core=True,
            duration_s=0,
        )

    steps = {slug: (outcome(slug),) for slug in slugs}
    digest = "".join(sorted(p.read_text() for p in work.glob("*.py")))
    return Checked(
        digest=digest, steps=steps, found={}, notes=(), packages={}, sandbox="none"
    )


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """Give a workspace."""
    folder = tmp_path / "work"
    folder.mkdir()
    return folder


def watch(work: Path, events: Sequence[str]) -> list[str]:
    """Watch a workspace while somebody types keys and writes files (``path=text``)."""
    course = Course.read(COURSE)
    workspace = Workspace(work)
    starting.start(course, workspace, course.steps[0], NOW)
    coming = iter(events)
    screen = Screen()

    def key() -> str:
        event = next(coming, "q")
        if "=" not in event:
            return event
        path, _, text = event.partition("=")
        (work / path).write_text(text)
        return ""

    def check(slugs: Sequence[str]) -> Checked:
        return check_files(work, slugs)

    watcher = Watcher(
        course, workspace, check, screen, key, lambda: NOW, lambda _seconds: None
    )
    watcher.run()
    return screen.shown


def test_a_save_is_checked_and_green_is_said(work: Path) -> None:
    """Once."""
    assert watch(work, ["greeting.py=right", "", "q"]) == [
        "checked greet",
        "checked greet",
        "green greet",
    ]


def test_keys_give_hints_and_the_next_step(work: Path) -> None:
    """Each press once."""
    assert watch(work, ["h", "n", "q"]) == [
        "checked greet",
        "hint greet 1",
        "begun count",
        "checked count",
    ]


def test_before_the_end_everything_is_checked_again(work: Path) -> None:
    """All done means all, now."""
    shown = watch(work, ["n", "greeting.py=right", "counting.py=right", ""])

    assert shown[-3:] == ["green count", "checked greet,count", "finished"]
