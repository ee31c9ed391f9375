"""What a student's kit checks of the drill."""

from typing import TYPE_CHECKING, Any

from grader.checks import Symptom, check, expect, expect_observed, fail, recognise

if TYPE_CHECKING:
    from conftest import Drill

Row = dict[str, Any]
Rows = dict[str, list[Row]]

CHILDREN = Symptom(
    "batch-drops-children", "IntegrityError", "FOREIGN KEY constraint failed"
)
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


@check(
    points=1.5,
    core=True,
    after=(
        test_second_revision_changes_tables,
        "migration.downgrade_leaves_nothing",
        "migration.rows_survive_an_upgrade",
    ),
)
def test_one_step_down_undoes_the_change(drill: "Drill") -> None:
    """`alembic downgrade -1` undoes the last revision while movies are stored."""
    seen, below = drill.down.seen, drill.down.shape
    raised = recognise(seen, (CHILDREN,)) or "downgrade-raises"
    expect_observed(seen, "`alembic downgrade -1`", pitfall=raised)
    expect(
        below != drill.head,
        "After `alembic downgrade -1` movie and rating are as they were before.",
        pitfall="downgrade-does-nothing",
        evidence=drill.down.story,
    )
    told = [table for table in drill.before if below.get(table) != drill.before[table]]
    expect(
        not told,
        f"Going down gave another {' and '.join(told)} than there was on the way up.",
        pitfall="downgrade-undoes-only-half",
        evidence=[str(drill.before), str(below), *drill.down.story],
    )


@check(points=2, core=True, after=test_one_step_down_undoes_the_change)
def test_one_step_down_and_up(drill: "Drill") -> None:
    """Every row and key survives `alembic downgrade -1` and `upgrade head`."""
    down, up = drill.down, drill.up
    _expect_kept(drill.planted, down.rows, "downgrade -1", down.story)
    expect_observed(
        up.seen,
        "`alembic upgrade head`, after the step down,",
        pitfall=recognise(up.seen, (CHILDREN,)),
    )
    _expect_kept(down.rows, up.rows, "upgrade head", up.story)


def _expect_kept(before: Rows, after: Rows, command: str, story: list[str]) -> None:
    """Fail unless all rows are there, in the columns that both schemas have."""
    lost = {
        table: len(before[table]) - len(after.get(table, ()))
        for table in ("movie", "rating")
    }
    if lost["movie"] > 0 or lost["rating"] > 0:
        children = lost["movie"] <= 0 and any(
            "drop table movie" in line.replace('"', "").lower() for line in story
        )
        fail(
            f"`alembic {command}` lost {max(lost['movie'], 0)} movies and "
            f"{max(lost['rating'], 0)} ratings.",
            pitfall="batch-drops-children" if children else "downgrade-loses-rows",
            evidence=story,
        )
    owners = _owners(before) == _owners(after)
    expect(
        owners,
        f"After `alembic {command}` ratings belong to other movies than before.",
        pitfall="ratings-lose-their-movie",
        evidence=story,
    )
    for table, entries in before.items():
        kept = [_common(row, entries, after[table]) for row in after[table]]
        expect(
            kept == [_common(row, entries, after[table]) for row in entries],
            f"`alembic {command}` changed rows or keys of {table}.",
            evidence=story,
        )


def _owners(rows: Rows) -> list[tuple[Any, Any]]:
    titles = {row.get("id"): row.get("title") for row in rows["movie"]}
    return [(row.get("id"), titles.get(row.get("movie_id"))) for row in rows["rating"]]


def _common(row: Row, *tables: list[Row]) -> Row:
    names = [name for name in row if all(name in t[0] for t in tables if t)]
    return {name: row[name] for name in sorted(names)}
