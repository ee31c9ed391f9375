"""Create the tables movie and rating."""

from collections.abc import Sequence

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# TODO(migration): once env.py knows your models, delete this file and let Alembic write
# it: alembic revision --autogenerate --rev-id 0001 -m "create movie and rating".
# Then read what it wrote, before you apply it.


def upgrade() -> None:
    """Move the database up to this revision."""


def downgrade() -> None:
    """Move the database back to the revision before."""
