"""Run the gradebook's migrations on the connection that opened it."""

from alembic import context

from grader.gradebook.opening import VERSION_TABLE
from grader.gradebook.tables import Row

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Row.metadata,
    version_table=VERSION_TABLE,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
