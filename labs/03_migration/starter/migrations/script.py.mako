"""${message}."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

## TODO(migration): generated columns are of type sqlmodel.sql.sqltypes.AutoString, so
## every revision must import sqlmodel.sql.sqltypes.
${imports if imports else ""}
revision: str = ${repr(up_revision)}
down_revision: str | None = ${repr(down_revision)}
branch_labels: str | Sequence[str] | None = ${repr(branch_labels)}
depends_on: str | Sequence[str] | None = ${repr(depends_on)}


def upgrade() -> None:
    """Move the database up to this revision."""
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    """Move the database back to the revision before."""
    ${downgrades if downgrades else "pass"}
