"""Run the migrations on the very database that the service uses."""

from logging.config import fileConfig

from alembic import context

from movie_service.db import get_engine

# TODO(migration): import your models and use their metadata here. While this is None,
# Alembic knows of no table that it could create.
target_metadata = None


def run_migrations_online() -> None:
    """Run the migrations over one connection of the service's engine."""
    with get_engine().connect() as connection:
        # TODO(migration): add render_as_batch=True, which SQLite needs to alter a
        # table, and compare_type=True.
        context.configure(connection=connection, target_metadata=target_metadata)
        with context.begin_transaction():
            context.run_migrations()


# Whoever runs Alembic from Python has set up logging already.
if context.config.config_file_name and context.config.attributes.get(
    "configure_logger", True
):
    fileConfig(context.config.config_file_name, disable_existing_loggers=False)

run_migrations_online()
