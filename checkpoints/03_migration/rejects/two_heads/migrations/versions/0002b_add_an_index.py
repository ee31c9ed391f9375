"""add an index."""

from alembic import op

revision = "0002b"
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_movie_year", "movie", ["year"])


def downgrade() -> None:
    op.drop_index("ix_movie_year", table_name="movie")
