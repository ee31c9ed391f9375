"""A plan seats everyone who misses a criterion, by what they miss and why."""

from datetime import UTC, datetime, timedelta

import pytest

from grader.clinics.needs import needs
from grader.clinics.planning import Plan, plan
from grader.clinics.schedule import Sitting, next_morning, schedule
from grader.disclosure import Disclosure
from grader.errors import MisuseError
from grader.gradebook.standing import Standing
from grader.report import Report
from tests.class_fakes import COURSE, RIGHT, check, report, standing, step

TITLES = Disclosure.TITLES
MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
NO_COMMIT = report(
    step("models", check("models.one")),
    step(
        "store",
        check("store.kept", "failed", pitfall="no-commit", message="Gone."),
        check("store.listed", "skipped", because=("store.kept",)),
    ),
)


def causes(work: Report, **options: bool) -> list[tuple[str, str]]:
    """Name what a student needs help with."""
    lost = [name for name, met in work.criteria.items() if met is False]
    found = needs(work, COURSE, lost, **options)
    return [(need.criterion, need.cause) for need in found]


def seats(made: Plan) -> dict[tuple[str, str], list[str]]:
    """Map each group to the keys of its members."""
    return {
        (group.criterion, group.cause): [m.student.key for m in group.members]
        for group in made.groups
    }


def planned(*standings: Standing, size: int = 6, everyone: bool = False) -> Plan:
    """Plan clinics for a class."""
    return plan(
        standings, COURSE, size=size, disclose=lambda _: TITLES, everyone=everyone
    )


def test_one_mistake_is_one_need_however_much_it_dragged_down() -> None:
    """The root is what failed by itself."""
    assert causes(NO_COMMIT) == [("crud", "no-commit")]


def test_a_mistake_in_an_early_step_is_what_a_later_criterion_needs() -> None:
    """It counts to what its pitfall costs, and the student comes once."""
    work = report(
        step("models", check("models.one", "failed", pitfall="no-table")),
        step("store", check("store.kept", "skipped", because=("models.one",))),
    )

    assert causes(work) == [("schema", "no-table")]


def test_the_run_on_right_earlier_steps_excuses_but_does_not_explain() -> None:
    """There the student's files meet others than those that they were written for."""
    skipped = check("store.kept", "skipped", because=("models.one",))
    misled = check("store.kept", "failed", pitfall="no-order")
    broken = step("models", check("models.one", "failed", pitfall="no-table"))

    assert causes(report(broken, step("store", skipped, again=(misled,)))) == [
        ("schema", "no-table")
    ]
    passed = step("store", skipped, again=(check("store.kept"),))
    assert causes(report(broken, passed)) == [("schema", "no-table")]


def test_what_passes_on_right_earlier_steps_costs_no_criterion() -> None:
    """Of a missed criterion only what passes in neither run is a need."""
    early = check("models.odd", "failed", core=False, pitfall="no-table")
    kept = check("store.kept", "skipped", because=("models.odd",))
    odd = check("store.odd", "failed", pitfall="no-order")
    again = (check("store.kept"), odd)
    work = report(
        step("models", check("models.one"), early),
        step("store", kept, odd, again=again),
    )

    assert causes(work) == [("crud", "no-order")]


def test_a_failure_without_a_name_is_grouped_by_its_check() -> None:
    """Nobody is left out because the evidence shows no named mistake."""
    work = report(step("store", check("store.odd", "failed")))

    assert causes(work) == [("crud", "store.odd")]


def test_what_costs_points_alone_is_no_need_unless_asked_for() -> None:
    """Nor is stretch work."""
    work = report(
        step(
            "store",
            check("store.kept"),
            check("store.sorted", "failed", core=False, pitfall="no-order"),
            check("store.extra", "failed", bonus=True, pitfall="no-commit"),
        )
    )

    assert causes(work) == []
    assert causes(work, everything=True) == [("crud", "no-order")]
    assert causes(work, everything=True, bonus=True)[1:] == [("crud", "no-commit")]


def test_what_could_not_be_asked_waits_for_what_failed() -> None:
    """It is no mistake of its own, though no check is named that it waits for."""
    work = report(
        step("models", check("models.one", "skipped", message="Nothing answers.")),
        step("store", check("store.kept", "failed", pitfall="no-commit")),
    )

    assert causes(work) == [("crud", "no-commit")]
    alone = report(step("models", check("models.one", "skipped")))
    assert causes(alone) == [("schema", "models.one")]


def test_checks_that_skip_each_other_are_still_a_need() -> None:
    """A report from elsewhere may hold a circle."""
    one = check("store.one", "skipped", because=("store.two",))
    two = check("store.two", "skipped", because=("store.one",))

    assert causes(report(step("store", one, two)))


def test_everyone_has_a_place_in_the_plan() -> None:
    """Seated, met with points lost, fine, or not graded and so to be asked."""
    lost = report(
        step("store", check("store.a"), check("store.b", "failed", core=False))
    )

    made = planned(
        standing("ada", NO_COMMIT),
        standing("bob", lost),
        standing("cid", RIGHT),
        standing("dan", None),
        standing("eve", NO_COMMIT),
        standing("fay", NO_COMMIT, excused=True),
        standing("gil", None, excused=True),
    )

    assert seats(made) == {("crud", "no-commit"): ["ada", "eve"]}
    assert [(s.key, causes) for s, causes in made.points_only] == [
        ("bob", ("store.b",))
    ]
    assert [student.key for student in made.fine] == ["cid"]
    assert [absent.student.key for absent in made.ungraded] == ["dan"]
    assert [student.key for student in made.excused] == ["fay", "gil"]


def test_a_criterion_that_the_class_does_not_require_needs_no_clinic() -> None:
    """The class's policy says which do."""
    made = planned(standing("ada", NO_COMMIT, criteria={"schema": True}))

    assert made.groups == ()
    assert [student.key for student, _ in made.points_only] == ["ada"]


def test_groups_come_in_the_order_of_the_steps() -> None:
    """So that nobody learns the second thing first."""
    early = report(step("models", check("models.one", "failed", pitfall="no-table")))

    made = planned(
        standing("a", NO_COMMIT), standing("b", NO_COMMIT), standing("c", early)
    )

    assert list(seats(made)) == [("schema", "no-table"), ("crud", "no-commit")]


@pytest.mark.parametrize(("count", "sizes"), [(1, [1]), (6, [6]), (7, [3, 4])])
def test_a_large_group_is_cut_into_even_parts(count: int, sizes: list[int]) -> None:
    """Nobody sits alone because of the size, and nobody is lost."""
    made = planned(*(standing(f"s{n}", NO_COMMIT) for n in range(count)))

    assert [len(clinic.members) for clinic in made.clinics] == sizes
    names = [m.student.key for clinic in made.clinics for m in clinic.members]
    assert names == [f"s{n}" for n in range(count)]


def timed(count: int, first: datetime, **facts: object) -> tuple[Sitting, ...]:
    """Give times to so many clinics."""
    clinics = planned(
        *(standing(f"s{n}", NO_COMMIT) for n in range(count)), size=1
    ).clinics
    plain: dict[str, object] = {"first": first, "before": None, "minutes": 60}
    return schedule(clinics, **plain | facts)  # type: ignore[arg-type]


def test_clinics_follow_each_other_in_working_hours() -> None:
    """Eight to a day of hours, none at the weekend, none at once."""
    friday = MONDAY - timedelta(days=3)

    sittings = timed(10, friday)

    starts = [sitting.starts for sitting in sittings]
    assert starts[:8] == [friday + timedelta(hours=n) for n in range(8)]
    assert starts[8:] == [MONDAY, MONDAY + timedelta(hours=1)]
    assert all(s.ends - s.starts == timedelta(hours=1) for s in sittings)


def test_a_first_time_before_opening_waits_for_it() -> None:
    """And one in the evening for the next morning."""
    assert timed(1, MONDAY.replace(hour=3))[0].starts == MONDAY
    assert timed(1, MONDAY.replace(hour=16, minute=30))[0].starts == MONDAY + (
        timedelta(days=1)
    )
    assert timed(1, MONDAY - timedelta(days=2))[0].starts == MONDAY
    assert next_morning(MONDAY - timedelta(days=3)) == MONDAY


def test_what_does_not_fit_before_the_date_is_refused() -> None:
    """With how many do, before anything is written."""
    with pytest.raises(MisuseError, match=r"3 clinics .* 2 of them fit before"):
        timed(3, MONDAY, before=MONDAY + timedelta(hours=2, minutes=30))
    assert len(timed(3, MONDAY, before=MONDAY + timedelta(hours=3))) == 3
