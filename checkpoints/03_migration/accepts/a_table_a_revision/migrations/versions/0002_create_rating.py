"""Create the table rating."""

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "rating",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("movie_id", sa.Integer(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["movie_id"], ["movie.id"], name=op.f("fk_rating_movie_id_movie")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rating")),
    )


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("rating")
