"""What is checked of the drill beyond the kit."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from grader.checks import (
    Draw,
    Project,
    Symptom,
    check,
    expect,
    expect_observed,
    fail,
    recognise,
)

if TYPE_CHECKING:
    from .conftest import Command, Drill, Seeding

Rows = Callable[[Project], dict[str, list[dict[str, Any]]]]
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


@check(points=1, after="one_step_down_and_up")
def test_base_and_head_again(drill: "Drill", rows_of: Rows) -> None:
    """From stored movies down to nothing, and up to tables that work."""
    seen = drill.bottom
    expect_observed(
        seen,
        "`alembic downgrade base`, with movies stored,",
        pitfall=recognise(seen, (ORDER,)),
    )
    expect_observed(drill.rebuilt, "`alembic upgrade head`, from nothing,")
    movie = [drill.draw.words(3), 1961, drill.draw.word(), [3]]
    expect_observed(
        drill.project.ask("plant", movies=[movie]), "Storing a movie after that"
    )
    expect(
        [row.get("title") for row in rows_of(drill.project)["movie"]] == movie[:1],
        "After `downgrade base` and `upgrade head`, storing one movie left other rows.",
    )


@check(points=1, after="one_step_down_undoes_the_change")
def test_broken_downgrade_is_recovered(
    planted: Project, rows_of: Rows, draw: Draw
) -> None:
    """A further revision breaks on its way down; repaired, it goes down."""
    facts = expect_observed(planted.ask("newest"), "Reading your revisions")
    before = rows_of(planted)
    named = {"revision": f"z{draw.word().lower()}", "table": draw.word().lower()}
    _lay(planted, facts, named, 'raise RuntimeError("broken on purpose")')
    expect_observed(planted.alembic("upgrade", "head"), "A further `upgrade head`")
    broken = planted.alembic("downgrade", "-1")
    expect(
        broken.error is not None,
        "A downgrade raised an error, and `alembic downgrade` said nothing of it.",
        pitfall="env-swallows-errors",
        evidence=broken.output.splitlines()[-10:],
    )
    _lay(planted, facts, named, f"op.drop_table({named['table']!r})")
    for arguments in (("downgrade", "-1"), ("downgrade", "-1"), ("upgrade", "head")):
        seen = planted.alembic(*arguments)
        expect_observed(seen, f"After the repair, `alembic {' '.join(arguments)}`")
    expect(
        {t: len(r) for t, r in rows_of(planted).items()}
        == {t: len(r) for t, r in before.items()},
        "After a broken downgrade and its repair, rows were missing.",
        evidence=planted.events().story(),
    )


def _lay(project: Project, facts: Any, named: dict[str, str], way_down: str) -> None:
    known = facts if isinstance(facts, dict) else {}
    text = BROKEN.format(head=str(known.get("revision")), way_down=way_down, **named)
    path = f"{known.get('folder')}/{named['revision']}_drill.py"
    project.world.put({path: text.encode()})


@check(
    points=1,
    after=("one_step_down_undoes_the_change", "repository.migrate_is_a_command"),
)
def test_downgrade_is_a_command(
    planted: Project, commanded: Callable[..., "Command"]
) -> None:
    """The command `downgrade` goes one step back."""
    head = commanded(planted, "migrate").revision
    for arguments in ((), ("--", "-1"), ("-1",)):
        ran = commanded(planted, "downgrade", *arguments)
        if ran.succeeded and ran.revision != head:
            return
    fail(
        f"`downgrade` did not go a step back. {ran.problem}".strip(),
        pitfall="no-downgrade-command" if "No such command" in ran.output else None,
        evidence=ran.story,
    )


@check(points=0.5, after=test_downgrade_is_a_command)
def test_downgrade_takes_minus_one(
    planted: Project, commanded: Callable[..., "Command"]
) -> None:
    """The command `downgrade -1` is understood as it is typed."""
    ran = commanded(planted, "downgrade", "-1")
    expect(
        ran.succeeded,
        f"`downgrade -1` was refused. {ran.problem}".strip(),
        pitfall="minus-one-taken-for-option"
        if "No such option" in ran.output
        else None,
        evidence=ran.story,
    )


@check(
    points=1.5,
    after=("migration.upgrade_builds_the_schema", "repository.migrate_is_a_command"),
)
def test_seed_fills_the_tables(seeding: "Seeding") -> None:
    """The command `seed` stores movies in the database that is configured."""
    ran = seeding.first
    if ran.rows["movie"] and ran.succeeded:
        return
    pitfall = "no-seed-command" if "No such command" in ran.output else None
    inserted = any("insert into" in line.lower() for line in ran.story)
    if inserted and not ran.rows["movie"] and ran.succeeded:
        pitfall = "seed-writes-elsewhere" if ran.commits else "flush-is-commit"
    fail(
        f"After `seed` there are {len(ran.rows['movie'])} movies in the database. "
        f"{ran.problem}".strip(),
        pitfall=pitfall,
        evidence=ran.story,
    )


@check(
    points=0.5,
    after=(test_seed_fills_the_tables, "migration.downgrade_leaves_nothing"),
)
def test_seeds_come_back(seeding: "Seeding") -> None:
    """After the way down to nothing and up again, `seed` brings the same movies."""
    expect(
        _titles(seeding.afresh) == _titles(seeding.first),
        "On tables that were built anew, `seed` stored other movies than at first.",
        pitfall="seeded-only-once" if not seeding.afresh.rows["movie"] else None,
        evidence=seeding.afresh.story,
    )


def _titles(ran: "Command") -> list[Any]:
    return [row.get("title") for row in ran.rows["movie"]]


@check(points=2, bonus=True, after=test_seed_fills_the_tables)
def test_seeding_again_adds_nothing(seeding: "Seeding") -> None:
    """Running `seed` a second time changes nothing, and is no error."""
    first, second = seeding.first, seeding.second
    expect(
        second.succeeded and second.rows == first.rows,
        f"The second `seed` made {len(first.rows['movie'])} movies and "
        f"{len(first.rows['rating'])} ratings into {len(second.rows['movie'])} and "
        f"{len(second.rows['rating'])}. {second.problem}".strip(),
        pitfall="seed-not-idempotent",
        evidence=second.story,
    )
