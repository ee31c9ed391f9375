"""Keep how long a movie is."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("movie", sa.Column("minutes", sa.Integer(), server_default="0", nullable=False))


def downgrade() -> None:
    op.drop_column("movie", "minutes")
