"""Create the tables movie and rating."""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Create both tables and the indexes of movie."""
    op.create_table(
        "movie",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("genre", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_movie")),
    )
    op.create_index(op.f("ix_movie_title"), "movie", ["title"], unique=True)
    op.create_index(op.f("ix_movie_genre"), "movie", ["genre"], unique=False)
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
    op.execute("CREATE VIEW this_year AS SELECT strftime('%Y', 'now') AS year")


def downgrade() -> None:
    """Drop both tables, the one that points at the other first."""
    op.drop_table("rating")
    op.drop_index(op.f("ix_movie_genre"), table_name="movie")
    op.drop_index(op.f("ix_movie_title"), table_name="movie")
    op.drop_table("movie")
