"""What is checked of the drill beyond the kit."""

from typing import TYPE_CHECKING, Any

from grader.checks import (
    Draw,
    Symptom,
    check,
    expect,
    expect_observed,
    fail,
    recognise,
)

if TYPE_CHECKING:
    from conftest import Command, Drill

Row = dict[str, Any]
Rows = dict[str, list[Row]]

CHILDREN = Symptom(
    "batch-drops-children", "IntegrityError", "FOREIGN KEY constraint failed"
)
LOADED = ("app",)
ORDER = Symptom(
    "drops-in-the-wrong-order", "IntegrityError", "FOREIGN KEY constraint failed"
)
BROKEN = '''"""Break on the way down."""

import sqlalchemy as sa
from alembic import op

revision = {revision!r}
down_revision = {head!r}
branch_labels = None
depends_on = None


def upgrade():
    op.create_table({table!r}, sa.Column("id", sa.Integer(), primary_key=True))


def downgrade():
    {way_down}
'''


@check(
    points=1.5,
    core=True,
    after=(
        "second_revision_changes_tables",
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


@check(
    points=1.5,
    after=("migration.upgrade_builds_the_schema", "repository.migrate_is_a_command"),
)
def test_seed_fills_the_tables(drill: "Drill") -> None:
    """The command `seed` stores movies in the database that is configured."""
    ran, _ = drill.seeded
    stored = ran.rows["movie"]
    if stored and ran.succeeded:
        return
    pitfall = "no-seed-command" if "No such command" in ran.output else None
    if any("insert into" in line.lower() for line in ran.story) and ran.succeeded:
        pitfall = "seed-writes-elsewhere" if ran.commits else "flush-is-commit"
    fail(
        f"After `seed` there are {len(stored)} movies in the database. "
        f"{ran.problem}".strip(),
        pitfall=pitfall,
        evidence=ran.story,
    )


@check(points=2, bonus=True, after=test_seed_fills_the_tables)
def test_seeding_again_adds_nothing(drill: "Drill") -> None:
    """Running `seed` a second time changes nothing, and is no error."""
    first, second = drill.seeded
    expect(
        second.succeeded and second.rows == first.rows,
        f"The second `seed` made {len(first.rows['movie'])} movies and "
        f"{len(first.rows['rating'])} ratings into {len(second.rows['movie'])} and "
        f"{len(second.rows['rating'])}. {second.problem}".strip(),
        pitfall="seed-not-idempotent",
        evidence=second.story,
    )


@check(
    points=1,
    after=("one_step_down_undoes_the_change", "repository.migrate_is_a_command"),
)
def test_downgrade_is_a_command(drill: "Drill") -> None:
    """The command `downgrade` goes one step back."""
    ran = list(drill.commanded.values())[-1]
    expect(
        ran.succeeded and ran.revision != drill.chain[-1],
        f"`downgrade` did not go a step back. {ran.problem}".strip(),
        pitfall="no-downgrade-command" if "No such command" in ran.output else None,
        evidence=ran.story,
    )


@check(points=0.5, after=test_downgrade_is_a_command)
def test_downgrade_takes_minus_one(drill: "Drill") -> None:
    """The command `downgrade -1` is understood as it is typed."""
    ran = drill.commanded["-1"]
    taken = "No such option" in ran.output
    expect(
        len(drill.commanded) == 1,
        f"`downgrade -1` did not go a step back. {ran.problem}".strip(),
        pitfall="minus-one-taken-for-option" if taken else None,
        evidence=ran.story,
    )


@check(
    points=1,
    after=(test_one_step_down_undoes_the_change, "migration.comes_back_the_same"),
)
def test_base_and_head_again(drill: "Drill") -> None:
    """From stored movies down to nothing, and up to the same tables."""
    seen = drill.bottom.seen
    expect_observed(
        seen,
        "`alembic downgrade base`, with movies stored,",
        pitfall=recognise(seen, (ORDER,)),
    )
    expect_observed(drill.rebuilt.seen, "`alembic upgrade head`, from nothing,")
    expect(
        drill.rebuilt.shape == drill.head and not drill.rebuilt.rows["movie"],
        "After `downgrade base` and `upgrade head` the tables were not as new.",
        evidence=drill.rebuilt.story,
    )


@check(points=0.5, after=(test_seed_fills_the_tables, test_base_and_head_again))
def test_seeds_come_back(drill: "Drill") -> None:
    """After the way down to nothing and up again, `seed` brings the same movies."""
    afresh, first = drill.seeded_afresh, drill.seeded[0]
    expect(
        _titles(afresh) == _titles(first),
        "On tables that were built anew, `seed` stored other movies than at first.",
        pitfall="seeded-only-once" if not afresh.rows["movie"] else None,
        evidence=afresh.story,
    )


def _titles(ran: "Command") -> list[Any]:
    return [row.get("title") for row in ran.rows["movie"]]


@check(points=1, after=test_base_and_head_again)
def test_broken_downgrade_is_recovered(drill: "Drill", draw: Draw) -> None:
    """A further revision breaks on its way down; repaired, it goes down."""
    _ = drill.seeded_afresh
    movies = [[title, 1950, draw.word(), [2, 5]] for title in draw.distinct(3)]
    stored = drill.project.ask("plant", load=LOADED, movies=movies)
    expect_observed(stored, "Storing rows at the newest revision")
    names = {"revision": f"z{draw.word().lower()}", "table": draw.word().lower()}
    _lay(drill, names, 'raise RuntimeError("broken on purpose")')
    above = drill.alembic("upgrade", "head")
    expect_observed(above, "`alembic upgrade head`, to a further revision,")
    before = drill.rows()
    broken = drill.alembic("downgrade", "-1")
    expect(
        broken.error is not None,
        "A downgrade raised an error, and `alembic downgrade` said nothing of it.",
        pitfall="env-swallows-errors",
        evidence=broken.output.splitlines()[-10:],
    )
    _lay(drill, names, f"op.drop_table({names['table']!r})")
    repaired = drill.alembic("downgrade", "-1")
    expect_observed(repaired, "After the repair, `alembic downgrade -1`")
    expect(
        drill.rows() == before,
        "After a broken downgrade and its repair, the rows were not as before.",
        evidence=drill.story(),
    )


def _lay(drill: "Drill", names: dict[str, str], way_down: str) -> None:
    """Lay a revision of ours upon the submission's newest one."""
    folder = str(drill.revisions.get("folder"))
    expect(".." not in folder.split("/"), "Your revisions lie outside of your project.")
    text = BROKEN.format(head=drill.chain[-1], way_down=way_down, **names)
    path = f"{folder.lstrip('/')}/{names['revision']}_drill.py"
    drill.project.world.put({path: text.encode()})
