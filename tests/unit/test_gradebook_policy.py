"""Test where students stand: pure functions of grades and a policy."""

from datetime import UTC, datetime, timedelta

import pytest

from grader.disclosure import Disclosure
from grader.errors import MisuseError
from grader.gradebook.policy import Policy, lateness, read_policy, rounded
from grader.gradebook.standing import Adjustment, Student
from grader.gradebook.standings import Graded, Record, place, place_class
from grader.report import GraderFacts, Report, SubmissionFacts

DUE = datetime(2026, 11, 22, 23, 0, tzinfo=UTC)
ADA = Student("ada", name="Ada Lovelace")
DATED = Policy(due=DUE)


def report(score: float, bonus: float = 0.0) -> Report:
    """Give a report of some points of a hundred."""
    return Report(
        submission=SubmissionFacts(
            name="work",
            digest="sha256:0",
            kind="zip",
            layout="repository",
            root="",
            found={},
            missing=(),
            notes=(),
        ),
        grader=GraderFacts(
            version="0",
            checkpoints_digest="sha256:0",
            sandbox="bubblewrap",
            seed=0,
            policy="carry",
            packages={},
        ),
        score=score,
        max_score=100,
        bonus=bonus,
        criteria={"schema": True, "crud": False},
        steps=(),
        duration_s=1.0,
    )


def graded(score: float, late_h: float | None = None, bonus: float = 0.0) -> Graded:
    """Give a grade of work that came some hours after the due date."""
    came = None if late_h is None else DUE + timedelta(hours=late_h)
    return Graded(report(score, bonus), DUE, came, "work")


@pytest.mark.parametrize(
    ("late_h", "score"),
    [(None, 80), (-1, 80), (0, 80), (0.01, 72), (48, 72), (48.01, 0), (500, 0)],
)
def test_lateness_costs_a_tenth_for_two_days_then_everything(
    late_h: float | None, score: float
) -> None:
    """These are the defaults; what came at an unknown time is in time."""
    standing = place(DATED, Record(ADA, (graded(80, late_h),)))

    assert standing.score == score
    assert standing.penalty == 80 - score
    assert bool(standing.lateness) is (score < 80)


def test_nothing_is_late_without_a_due_date() -> None:
    """A class without a course.toml takes nothing off."""
    assert place(Policy(), Record(ADA, (graded(80, 500),))).score == 80


def test_an_extension_moves_one_due_date() -> None:
    """It never makes it earlier than the class's own."""
    later = Policy(due=DUE, extensions={"ada": DUE + timedelta(days=3)})
    earlier = Policy(due=DUE, extensions={"ada": DUE - timedelta(days=3)})

    assert place(later, Record(ADA, (graded(80, 72),))).score == 80
    assert place(earlier, Record(ADA, (graded(80, 0),))).score == 80
    assert later.due_for("bob") == DUE


def test_the_best_attempt_counts_after_its_penalty() -> None:
    """By default; a better one that came too late does not win."""
    record = Record(ADA, (graded(60, -1), graded(65, 1), graded(90, 100)))

    assert place(DATED, record).counted == place(DATED, record).attempts[0]


def test_the_last_attempt_counts_where_the_class_says_so() -> None:
    """However little it earned."""
    policy = read_policy('[attempts]\ncount = "last"')

    assert place(policy, Record(ADA, (graded(60), graded(50)))).score == 50


def test_an_adjustment_is_added_after_the_penalty() -> None:
    """It is in full effect, and a score never falls below nothing."""
    change = Adjustment(-2, "two files copied", "ta", DUE)
    ruin = Adjustment(-200, "all copied", "ta", DUE)

    assert place(DATED, Record(ADA, (graded(80, 1),), (change,))).score == 70
    assert place(DATED, Record(ADA, (graded(80, 1),), (ruin,))).score == 0


def test_points_by_hand_grade_what_could_not_be_graded() -> None:
    """A comment alone does not."""
    given = Adjustment(40, "seen in the lab", "ta", DUE)
    comment = Adjustment(0, "asked for another zip", "ta", DUE)

    by_hand = place(DATED, Record(ADA, (), (given,), "the zip is damaged"))
    without = place(DATED, Record(ADA, (), (comment,), "the zip is damaged"))

    assert (by_hand.score, without.score) == (40, None)
    assert without.state == "the zip is damaged"


@pytest.mark.parametrize(
    ("mode", "score"), [("add", 104), ("cap", 100), ("ignore", 98)]
)
def test_a_bonus_counts_as_the_class_says(mode: str, score: float) -> None:
    """Added by default."""
    policy = read_policy(f'[points]\nbonus = "{mode}"')

    assert place(policy, Record(ADA, (graded(98, bonus=6),))).score == score


@pytest.mark.parametrize(
    ("step", "score", "result"),
    [
        ("0.5", 79.75, 80.0),
        ("0.5", 79.74, 79.5),
        ("1", 79.5, 80),
        ("0.01", 1.005, 1.01),
    ],
)
def test_halves_round_upwards(step: str, score: float, result: float) -> None:
    """Also those that no float holds exactly."""
    policy = read_policy(f"[points]\nround_to = {step}")

    assert rounded(policy.points, score) == result


def test_only_the_required_criteria_count() -> None:
    """One that was not graded is open."""
    policy = read_policy('[criteria]\nrequired = ["crud", "tests"]')

    standing = place(policy, Record(ADA, (graded(80),)))

    assert standing.criteria == {"crud": False, "tests": None}


def test_students_see_more_after_their_own_due_date() -> None:
    """Titles before, diagnoses after; without a date it never comes."""
    policy = Policy(due=DUE, extensions={"bob": DUE + timedelta(days=2)})
    after = DUE + timedelta(hours=1)
    class_ = place_class(policy, [Record(ADA), Record(Student("bob"))])

    seen = [class_.disclosure(standing, after) for standing in class_.standings]

    assert seen == [Disclosure.DIAGNOSES, Disclosure.TITLES]
    assert Policy().disclosure(None, after) is Disclosure.TITLES


def test_times_without_an_offset_are_of_the_class() -> None:
    """A due date is what the wall clock there shows."""
    policy = read_policy('timezone = "Asia/Tokyo"\ndue = 2026-11-22T23:59:00')

    assert policy.due_for("ada") == datetime(2026, 11, 22, 14, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "due = soon",
        'due = "soon"',
        "dew = 2026-11-22T23:59:00",
        'timezone = "Mars/Olympus"',
        "[late]\ngrace_percent = 110",
        "[points]\nround_to = 0",
        '[[roles]]\nname = "app"',
    ],
)
def test_a_wrong_policy_is_refused(text: str) -> None:
    """A misspelt setting must not silently be a default."""
    with pytest.raises(MisuseError):
        read_policy(text)


def test_lateness_is_told_in_words() -> None:
    """People read it."""
    policy = Policy()

    told = lateness(policy.late, DUE, DUE + timedelta(hours=5)).words

    assert told == "5 h late, 10 % taken off"


def test_a_policy_that_names_nobody_is_noticed() -> None:
    """A misspelt key would silently give no extension."""
    policy = Policy(extensions={"adda": DUE}, excused=("ada",))

    assert place_class(policy, [Record(ADA)]).strangers == ("adda",)
