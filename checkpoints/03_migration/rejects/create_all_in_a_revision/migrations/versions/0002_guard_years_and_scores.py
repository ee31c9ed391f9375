"""Guard years and scores, and let ratings go with their movie."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op

from movie_service.models import Movie

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

FOREIGN_KEY = "fk_rating_movie_id_movie"
# By this a batch finds a foreign key that was created without a name.
NAMING = {"fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s"}


def upgrade() -> None:
    """Add the rules to both tables, keeping their rows."""
    Movie.metadata.create_all(op.get_bind())
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
    """Take the rules away again, keeping the rows."""
    with _rows_kept():
        with op.batch_alter_table("rating", naming_convention=NAMING) as rating:
            rating.drop_index(op.f("ix_rating_movie_id"))
            rating.drop_constraint(op.f(FOREIGN_KEY), type_="foreignkey")
            rating.create_foreign_key(op.f(FOREIGN_KEY), "movie", ["movie_id"], ["id"])
            rating.drop_constraint(op.f("ck_rating_score_range"), type_="check")
        with op.batch_alter_table("movie") as movie:
            movie.drop_constraint(op.f("ck_movie_year_range"), type_="check")


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
