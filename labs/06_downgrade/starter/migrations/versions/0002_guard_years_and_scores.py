"""Guard years and scores, and let ratings go with their movie."""

from collections.abc import Sequence

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# TODO(downgrade): in a batch for each table, add the check constraints, the index on
# rating.movie_id and ON DELETE CASCADE, and take them away again in downgrade().
# Mind the rows: a batch drops the table that it replaces. What happens to the ratings
# when movie is dropped while foreign keys are enforced?


def upgrade() -> None:
    """Add the rules to both tables, keeping their rows."""


def downgrade() -> None:
    """Take the rules away again, keeping the rows."""
