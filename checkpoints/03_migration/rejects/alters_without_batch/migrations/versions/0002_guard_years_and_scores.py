"""guard years and scores."""

from alembic import op

revision = "0002"
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_check_constraint(
        "ck_movie_year_range", "movie", "year BETWEEN 1900 AND 2100"
    )


def downgrade() -> None:
    op.drop_constraint("ck_movie_year_range", "movie")
