"""The pytest plugin that runs suites: fixtures, prerequisites, one result a check."""

import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from .asking.database import UnreadableError
from .asking.draw import Draw
from .asking.notebook import Notebook
from .asking.project import Project, Sandbox
from .bench import open_by_hand, practise
from .catalog import Course, Pitfall
from .checks import MARK, CheckFacts, Failure
from .errors import GraderError, GraderFault
from .report import CheckReport, Outcome
from .scoring import points

PATIENCE_S = 600.0
TOO_SLOW = "Not tried: the earlier checks took all the time that a submission has."
TOO_DEEP = "Something in your files or answers is nested far too deeply to be read."
SHOWN_HIDDEN = "The check saw something else than it should."


@dataclass
class Session:
    """What one run of suites knows and finds."""

    course: Course
    sandbox: Sandbox
    on_start: Callable[[str], None] = lambda _: None
    expected: dict[str, "Expected"] = field(default_factory=dict)
    results: dict[str, CheckReport] = field(default_factory=dict)
    deadline: float = float("inf")
    """When no further check begins, so that a slow submission cannot hold a class."""


@dataclass(frozen=True, slots=True)
class Expected:
    """A check that was collected, and must report exactly once."""

    id: str
    step: str
    visibility: str
    facts: CheckFacts

    def needs(self) -> list[str]:
        """Return the ids of its prerequisites."""
        return [n if "." in n else f"{self.step}.{n}" for n in self.facts.after]


SESSION = pytest.StashKey[Session]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let an instructor run a suite by hand."""
    group = parser.getgroup("grader")
    group.addoption("--submission", help="the folder, zip or checkout to grade")
    group.addoption("--seed", type=int, default=0, help="draw other inputs")
    group.addoption("--sandbox", default="auto", help="auto, bubblewrap or none")
    group.addoption("--python", help="the Python that the submission runs with")


def pytest_configure(config: pytest.Config) -> None:
    """Register the mark; open the submission that was named by hand."""
    config.addinivalue_line("markers", f"{MARK}(facts): a check of a checkpoint")
    named = config.getoption("--submission")
    if named is not None and SESSION not in config.stash:
        try:
            course, sandbox, closing = open_by_hand(
                Path(named),
                folder=_course_folder(config),
                seed=config.getoption("--seed"),
                sandbox=config.getoption("--sandbox"),
                python=config.getoption("--python"),
            )
        except GraderError as error:
            raise pytest.UsageError(str(error)) from error
        config.stash[SESSION] = Session(course, sandbox)
        config.add_cleanup(closing)


def _course_folder(config: pytest.Config) -> Path:
    for argument in config.args:
        place = Path(str(argument).partition("::")[0]).resolve()
        for folder in (place, *place.parents):
            if (folder / "course.toml").is_file():
                return folder
            if list(folder.glob("*/checkpoint.toml")):
                return folder
    raise pytest.UsageError("--submission needs the path of a checkpoint")


def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> None:
    """Note every check that must report, and refuse a suite that is not in order."""
    session = config.stash.get(SESSION, None)
    if session is None:
        return
    for item in items:
        expected = _expected(session.course, item)
        if expected.id in session.expected:
            raise GraderFault(
                problem=f"two checks are called {expected.id}.",
                next_step="Rename one of them.",
            )
        session.expected[expected.id] = expected
        item.user_properties.append(("check", expected.id))


def _expected(course: Course, item: pytest.Item) -> Expected:
    mark = item.get_closest_marker(MARK)
    if mark is None:
        raise GraderFault(
            problem=f"{item.nodeid} is no check.",
            next_step="Decorate it with grader.checks.check.",
        )
    for step in (*course.steps, *course.practice):
        for visibility, path in step.suites().items():
            if item.path == path:
                name = item.name.removeprefix("test_")
                identity = f"{step.slug}.{name}"
                return Expected(identity, step.slug, visibility, mark.args[0])
    raise GraderFault(
        problem=f"{item.nodeid} belongs to no step.",
        next_step="Put it into the test_visible.py or test_hidden.py of one.",
    )


def _check_of(item: pytest.Item) -> str | None:
    return next((str(v) for name, v in item.user_properties if name == "check"), None)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(
    item: pytest.Item, nextitem: pytest.Item | None
) -> Generator[None, object, object]:
    """Time each check, and count one that never reported as broken."""
    del nextitem
    session = item.config.stash.get(SESSION, None)
    identity = _check_of(item)
    if session is None or identity is None:
        return (yield)
    session.on_start(identity)
    started = time.monotonic()
    done = yield
    _finish(session, identity, time.monotonic() - started)
    return done


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a check whose prerequisites did not pass."""
    session = item.config.stash.get(SESSION, None)
    identity = _check_of(item)
    if session is None or identity is None:
        return
    missed = [
        need
        for need in session.expected[identity].needs()
        if need in session.results and session.results[need].outcome != Outcome.PASSED
    ]
    if time.monotonic() > session.deadline:
        _record(session, identity, Outcome.SKIPPED, message=TOO_SLOW)
        pytest.skip(TOO_SLOW)
    if missed:
        _record(session, identity, Outcome.SKIPPED, because=tuple(missed))
        pytest.skip(f"needs {', '.join(missed)}")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn what a phase raised into the check's one outcome."""
    session = item.config.stash.get(SESSION, None)
    identity = _check_of(item)
    if session is not None and identity is not None:
        _judge(session, identity, call)
    return (yield)


def _judge(session: Session, identity: str, call: pytest.CallInfo[None]) -> None:
    error = call.excinfo.value if call.excinfo is not None else None
    if error is None:
        if call.when == "call":
            _record(session, identity, Outcome.PASSED)
    elif isinstance(error, Failure):
        _record_failure(session, identity, error)
    elif isinstance(error, AssertionError):
        hidden = session.expected[identity].visibility == "hidden"
        message = SHOWN_HIDDEN if hidden else str(error).partition("\n")[0]
        _record_failure(
            session, identity, Failure(message or SHOWN_HIDDEN, evidence=[str(error)])
        )
    elif isinstance(error, UnreadableError):
        told = f"The database file cannot be read: {error}."
        _record_failure(session, identity, Failure(told))
    elif isinstance(error, RecursionError):  # no suite recurses but over what came
        _record_failure(session, identity, Failure(TOO_DEEP))
    elif isinstance(error, pytest.skip.Exception):  # also by a prerequisite: recorded
        _record(session, identity, Outcome.SKIPPED, message=error.msg or "")
    else:
        told = f"{type(error).__name__}: {error}"
        _record(session, identity, Outcome.BROKEN, message=told, evidence=(told,))


def _record_failure(session: Session, identity: str, error: Failure) -> None:
    pitfall: Pitfall | None = None
    if error.pitfall is not None:
        pitfall = session.course.pitfalls.get(error.pitfall)
        if pitfall is None and session.course.pitfalls:
            told = f"there is no pitfall {error.pitfall!r}"
            _record(session, identity, Outcome.BROKEN, message=told)
            return
    _record(
        session,
        identity,
        Outcome.FAILED,
        pitfall=error.pitfall,
        message=error.message,
        hint=error.hint or (pitfall.way_out if pitfall else ""),
        evidence=error.evidence,
    )


def _record(
    session: Session, identity: str, outcome: Outcome, **details: object
) -> None:
    """Record a check's outcome; once it has failed nothing makes it better."""
    if identity in session.results:
        if session.results[identity].outcome is not Outcome.PASSED:
            return
        if outcome is Outcome.PASSED:
            raise GraderFault(
                problem=f"{identity} reported twice.",
                next_step="Its suite must not parametrize a check.",
            )
    expected = session.expected[identity]
    session.results[identity] = CheckReport(
        id=identity,
        title=expected.facts.title,
        visibility=expected.visibility,
        outcome=outcome,
        points=points(outcome, expected.facts.points),
        max_points=expected.facts.points,
        core=expected.facts.core,
        bonus=expected.facts.bonus,
        duration_s=0.0,
        **details,
    )


def _finish(session: Session, identity: str, duration_s: float) -> None:
    if identity not in session.results:
        _record(session, identity, Outcome.BROKEN, message="it did not report")
    result = session.results[identity]
    session.results[identity] = result.model_copy(
        update={"duration_s": round(duration_s, 3)}
    )


@pytest.fixture(scope="session")
def sandbox(pytestconfig: pytest.Config) -> Sandbox:
    """Give every world of the submission."""
    session = pytestconfig.stash.get(SESSION, None)
    if session is None:
        pytest.skip("needs --submission PATH")
    return session.sandbox


@pytest.fixture(scope="session")
def course(pytestconfig: pytest.Config) -> Course:
    """Give the course that the suite belongs to."""
    return pytestconfig.stash[SESSION].course


@pytest.fixture
def project(sandbox: Sandbox, request: pytest.FixtureRequest) -> Iterator[Project]:
    """Give the submission as it came, in a world that holds nothing else yet."""
    project = sandbox.project(request.path.parent)
    yield project
    project.close()


@pytest.fixture
def draw(sandbox: Sandbox, request: pytest.FixtureRequest) -> Draw:
    """Give the check's own stream of inputs."""
    return Draw(sandbox.seed, str(request.node.name))


@pytest.fixture(scope="module")
def notebook(
    sandbox: Sandbox, course: Course, request: pytest.FixtureRequest
) -> Iterator[Notebook]:
    """Give the notebook that the suite is about; it runs when first asked."""
    practice = next(p for p in course.practice if request.path in p.suites().values())
    with practise(course, sandbox, practice) as notebook:
        yield notebook
