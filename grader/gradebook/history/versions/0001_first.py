"""Make the gradebook's first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make all tables."""
    op.create_table(
        "student",
        sa.Column("key", sa.String(), primary_key=True),
        *(
            sa.Column(name, sa.String(), nullable=False)
            for name in (
                *("name", "email", "login", "idnumber"),
                *("canvas_id", "sis_user_id", "section"),
            )
        ),
        sa.Column("on_roster", sa.Boolean(), nullable=False),
    )
    op.create_table(
        "submission",
        sa.Column("id", sa.Integer(), primary_key=True),
        _student(),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(), nullable=True),
        sa.Column("seen_at", sa.DateTime(), nullable=False),
        sa.UniqueConstraint("student_key", "digest", "submitted_at"),
    )
    op.create_table(
        "grade",
        sa.Column("id", sa.Integer(), primary_key=True),
        _student(),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("checkpoints", sa.String(), nullable=False),
        sa.Column("environment", sa.String(), nullable=False),
        sa.Column("graded_at", sa.DateTime(), nullable=False),
        sa.Column("report", sa.Text(), nullable=False),
        sa.UniqueConstraint("student_key", "digest", "checkpoints", "environment"),
    )
    op.create_table(
        "problem",
        sa.Column("place", sa.String(), primary_key=True),
        sa.Column(
            "student_key", sa.String(), sa.ForeignKey("student.key"), nullable=True
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("seen_at", sa.DateTime(), nullable=False),
    )
    op.create_table(
        "adjustment",
        sa.Column("id", sa.Integer(), primary_key=True),
        _student(),
        sa.Column("points", sa.Float(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
    )
    op.create_table(
        "course",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("read_at", sa.DateTime(), nullable=False),
    )
    for table in ("submission", "grade", "adjustment"):
        op.create_index(f"ix_{table}_student_key", table, ["student_key"])


def downgrade() -> None:
    """Drop all tables."""
    for table in ("course", "adjustment", "problem", "grade", "submission", "student"):
        op.drop_table(table)


def _student() -> sa.Column[str]:
    return sa.Column(
        "student_key", sa.String(), sa.ForeignKey("student.key"), nullable=False
    )
