"""count the likes of a rating."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("rating") as rating:
        rating.add_column(sa.Column("likes", sa.Integer(), nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("rating") as rating:
        rating.drop_column("likes")
