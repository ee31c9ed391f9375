"""Tests that notice what is wrong, and nothing else."""

from grader.checks import Findings, check, expect, fail

REFERENCE = "tests_pass_on_the_reference"
STORED = "tests_store_something"
COMMIT = "flush_for_commit"
FORGOTTEN = "created_and_forgotten"


@check(points=1, core=True, after=REFERENCE)
def test_tests_can_fail(findings: Findings) -> None:
    """Your tests fail on at least one of the services that are wrong."""
    chaffs = findings.chaffs()
    expect(
        any(chaff.noticed for chaff in chaffs),
        f"We broke the service in {len(chaffs)} ways, one after the other, and your "
        "tests stayed green every time.",
        pitfall="tests-that-cannot-fail",
        evidence=[chaff.variant.about for chaff in chaffs],
    )


@check(points=1, after=test_tests_can_fail)
def test_tests_pass_on_other_right_services(findings: Findings) -> None:
    """Your tests pass on services that are right in another way than yours."""
    if not findings.unsteady():
        return
    other = findings.afresh(wheats=findings.wheats)
    green = findings.home().run.green
    red = [test for test in other.red if test.name in green]
    expect(
        not red,
        f"{len(red)} of your tests fail with a service that does the same in its "
        "own way.",
        pitfall="tests-fit-only-my-service",
        evidence=[f"{test.name}: {test.error} {test.text}"[:400] for test in red],
    )


@check(points=2, after=[test_tests_can_fail, "no_database_stays_behind"])
def test_tests_agree_with_themselves(findings: Findings) -> None:
    """Your tests give the same result twice, and in any order."""
    if not findings.unsteady():
        return
    green = findings.home().run.green
    moved = sorted(green - findings.afresh(reordered=True).green)
    expect(
        not moved,
        f"{len(moved)} of your tests pass or fail by what ran before them.",
        pitfall="rows-left-between-tests",
        evidence=moved,
    )
    moved = sorted(green - findings.afresh(times=2).green)
    expect(
        not moved,
        f"{len(moved)} of your tests fail when they are run a second time.",
        pitfall="one-test-db-for-all",
        evidence=moved,
    )


@check(points=1, after=test_tests_can_fail)
def test_overrides_are_taken_back(findings: Findings) -> None:
    """After your tests the app is as it was: no override is left in it."""
    left = findings.home().run.overrides_left
    expect(
        left == 0,
        f"After the last test, {left} of the app's dependencies are still overridden.",
        pitfall="override-never-cleared",
    )


@check(points=3, core=True, after=[test_tests_can_fail, STORED])
def test_missing_commit_is_noticed(findings: Findings) -> None:
    """Your tests fail when the service never commits."""
    noticed = {chaff.variant.name: chaff.noticed for chaff in findings.chaffs()}
    if noticed[COMMIT]:
        return
    if noticed[FORGOTTEN]:
        fail(
            "Your tests read back what was stored, and still pass when nothing is ever "
            "committed.",
            pitfall="shared-session-blindness",
        )
    fail(
        "Your tests pass when nothing is ever committed: none of them reads back what "
        "a request stored.",
        pitfall="nothing-read-back",
    )


@check(points=2, after=[test_tests_can_fail, STORED])
def test_lost_rows_are_noticed(findings: Findings) -> None:
    """Your tests notice when rows get lost, mixed up or remembered too long."""
    _expect_most(findings, "stored", "loses, mixes up or keeps rows")


@check(points=1, after=[test_tests_can_fail, STORED])
def test_wrong_answers_are_noticed(findings: Findings) -> None:
    """Your tests notice wrong answers."""
    _expect_most(findings, "answers", "answers wrongly")


@check(points=1, after=test_tests_can_fail)
def test_broken_rules_are_noticed(findings: Findings) -> None:
    """Your tests notice when the service accepts what it must refuse."""
    _expect_most(findings, "rules", "accepts what it must refuse")


@check(
    points=2,
    after=[
        test_tests_agree_with_themselves,
        test_missing_commit_is_noticed,
        test_lost_rows_are_noticed,
        test_wrong_answers_are_noticed,
        test_broken_rules_are_noticed,
    ],
)
def test_every_wrong_service_is_noticed(findings: Findings) -> None:
    """Your tests notice every one of our wrong services."""
    chaffs = findings.chaffs()
    missed = [chaff.variant.about for chaff in chaffs if not chaff.noticed]
    expect(
        not missed,
        f"Your tests noticed {len(chaffs) - len(missed)} of {len(chaffs)} wrong "
        "services.",
        pitfall="only-the-happy-path",
        evidence=missed,
    )


def _expect_most(findings: Findings, kind: str, doing: str) -> None:
    """Fail unless at least half of a kind's wrong services were noticed."""
    chaffs = [chaff for chaff in findings.chaffs() if chaff.variant.kind == kind]
    missed = [chaff.variant.about for chaff in chaffs if not chaff.noticed]
    blind = any(c.variant.name == FORGOTTEN and not c.noticed for c in chaffs)
    expect(
        len(missed) * 2 <= len(chaffs),
        f"Of {len(chaffs)} services, each of which {doing}, your tests noticed "
        f"{len(chaffs) - len(missed)}.",
        pitfall="nothing-read-back" if blind else "only-the-happy-path",
        evidence=missed,
    )
