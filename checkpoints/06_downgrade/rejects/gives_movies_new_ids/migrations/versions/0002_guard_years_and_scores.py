"""Guard years and scores, and let ratings go with their movie."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

FOREIGN_KEY = "fk_rating_movie_id_movie"
# By this a batch finds a foreign key that was created without a name.
NAMING = {"fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s"}


def upgrade() -> None:
    """Add the rules to both tables, keeping their rows."""
    with _rows_kept():
        with op.batch_alter_table("movie") as movie:
            movie.create_check_constraint(
                op.f("ck_movie_year_range"), sa.text("year BETWEEN 1900 AND 2100")
            )
        with op.batch_alter_table("rating", naming_convention=NAMING) as rating:
            rating.create_check_constraint(
                op.f("ck_rating_score_range"), sa.text("score BETWEEN 1 AND 5")
            )
            rating.drop_constraint(op.f(FOREIGN_KEY), type_="foreignkey")
            rating.create_foreign_key(
                op.f(FOREIGN_KEY), "movie", ["movie_id"], ["id"], ondelete="CASCADE"
            )
            rating.create_index(op.f("ix_rating_movie_id"), ["movie_id"])


def downgrade() -> None:
    """Build both tables as they were, and copy the rows."""
    op.execute("CREATE TEMPORARY TABLE old_movie AS SELECT * FROM movie")
    op.execute("CREATE TEMPORARY TABLE old_rating AS SELECT * FROM rating")
    op.drop_table("rating")
    op.drop_table("movie")
    op.create_table(
        "movie",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("genre", sa.String(), nullable=False),
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
    op.execute(
        "INSERT INTO movie (title, year, genre) "
        "SELECT title, year, genre FROM old_movie ORDER BY title DESC"
    )
    op.execute("INSERT INTO rating SELECT id, movie_id, score FROM old_rating")
    op.execute("DROP TABLE old_rating")
    op.execute("DROP TABLE old_movie")


@contextmanager
def _rows_kept() -> Iterator[None]:
    """Let SQLite recreate tables without harm to the rows that point at them.

    A batch copies a table, drops the original and renames the copy. While foreign
    keys are enforced, dropping movie deletes its rows first. Ratings point at them, so
    that fails; once ON DELETE CASCADE is there, it silently deletes every rating.
    """
    context = op.get_context()
    if context.dialect.name != "sqlite" or context.as_sql:
        yield
        return
    connection = op.get_bind()
    was_enforced = connection.scalar(sa.text("PRAGMA foreign_keys"))
    # SQLite ignores this pragma inside a transaction.
    with context.autocommit_block():
        op.execute("PRAGMA foreign_keys=OFF")
    # Python opens no transaction for DDL; in one, a failure leaves nothing half done.
    op.execute("BEGIN")
    try:
        yield
    except BaseException:
        # Closing the connection rolls back and forgets the pragma; the pool makes anew.
        connection.invalidate()
        raise
    with context.autocommit_block():
        op.execute(f"PRAGMA foreign_keys={was_enforced}")
