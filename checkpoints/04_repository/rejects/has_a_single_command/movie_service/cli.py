"""Look after the database from the command line."""

import typer
from alembic import command
from alembic.config import Config

app = typer.Typer()


@app.command()
def migrate() -> None:
    """Bring the database to the newest revision."""
    command.upgrade(Config("alembic.ini"), "head")
    typer.echo("Database ready")


if __name__ == "__main__":
    app()
