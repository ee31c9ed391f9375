"""What a student's kit checks of the drill."""

from typing import TYPE_CHECKING

from grader.checks import check, expect

if TYPE_CHECKING:
    from conftest import Drill

ENOUGH = 2


@check(points=1, after="migration.upgrade_builds_the_schema")
def test_second_revision_changes_tables(drill: "Drill") -> None:
    """A second revision changes the tables that hold your rows."""
    expect(
        len(drill.chain) >= ENOUGH,
        "There is only one revision, so there is nothing to practise on.",
        pitfall="only-one-revision",
    )
    expect(
        drill.before != drill.head,
        "The last revision leaves movie and rating as they were.",
        pitfall="second-revision-changes-nothing",
        evidence=[str(drill.head)],
    )
