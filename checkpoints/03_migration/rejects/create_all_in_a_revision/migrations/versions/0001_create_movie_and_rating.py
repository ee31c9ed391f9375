"""create movie and rating."""

from alembic import op

from movie_service.models import Movie

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    Movie.metadata.create_all(op.get_bind())


def downgrade() -> None:
    Movie.metadata.drop_all(op.get_bind())
