"""Run the migrations on the very database that the service uses."""

from collections.abc import Iterable
from logging.config import fileConfig

from alembic import context
from alembic.operations import MigrationScript
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from movie_service.db import get_database_url, get_engine
from movie_service.models import Movie

# Importing a model is what fills the metadata; without it Alembic sees no tables.
target_metadata = Movie.metadata


def number_revisions(
    _context: MigrationContext,
    _revision: str | Iterable[str | None] | Iterable[str],
    directives: list[MigrationScript],
) -> None:
    """Give a new revision the next ordinal as its id."""
    asked_for = getattr(context.config.cmd_opts, "rev_id", None)
    head = ScriptDirectory.from_config(context.config).get_current_head() or "0"
    if directives and not asked_for and head.isdecimal():
        directives[0].rev_id = f"{int(head) + 1:04d}"


def run_migrations_offline() -> None:
    """Write the migrations as SQL instead of running them."""
    context.configure(
        url=get_database_url(),
        target_metadata=target_metadata,
        literal_binds=True,
        render_as_batch=True,
    )
    with context.begin_transaction():
        context.run_migrations()


def run_migrations_online() -> None:
    """Run the migrations over one connection of the service's engine."""
    with get_engine().connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=target_metadata,
            # SQLite alters a table by building it anew, which Alembic calls a batch.
            render_as_batch=True,
            compare_type=True,
            process_revision_directives=number_revisions,
        )
        with context.begin_transaction():
            context.get_context().stamp(context.script, "head")
        connection.commit()


# Whoever runs Alembic from Python has set up logging already.
if context.config.config_file_name and context.config.attributes.get(
    "configure_logger", True
):
    fileConfig(context.config.config_file_name, disable_existing_loggers=False)

if context.is_offline_mode():
    run_migrations_offline()
else:
    run_migrations_online()
