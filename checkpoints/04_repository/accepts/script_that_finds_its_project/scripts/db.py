import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from typing import Annotated

import typer
from alembic import command
from alembic.config import Config
from sqlalchemy import inspect
from sqlmodel import Session

from movie_service.db import get_engine
from movie_service.diagram import data_model_page
from movie_service.models import Movie
from movie_service.seeds import plant_seeds

app = typer.Typer(help="Look after the movie database.", no_args_is_help=True)


@app.command()
def migrate() -> None:
    """Bring the database to the newest revision."""
    command.upgrade(alembic_config(), "head")
    typer.echo("Database ready")


@app.command(context_settings={"ignore_unknown_options": True})
def downgrade(
    # Without the setting above, Typer would take -1 for an option.
    revision: Annotated[str, typer.Argument(help="-1, an id, or base.")] = "-1",
) -> None:
    """Take the database back to an earlier revision."""
    command.downgrade(alembic_config(), revision)
    typer.echo(f"Database downgraded ({revision})")


@app.command()
def seed() -> None:
    """Add the seed movies that are not there yet."""
    engine = get_engine()
    if not inspect(engine).has_table("rating"):
        typer.echo("There are no tables yet. Run the command migrate first.", err=True)
        raise typer.Exit(code=1)
    with Session(engine) as session:
        added = plant_seeds(session)
    typer.echo(f"Added {added} movies")


@app.command()
def er(
    output: Annotated[Path, typer.Option(help="Where to write the page.")] = Path(
        "docs/contracts/data-model.md"
    ),
) -> None:
    """Write the page that shows the tables and how they relate."""
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(data_model_page(Movie.metadata), encoding="utf-8")
    typer.echo(f"Wrote {output}")


def alembic_config() -> Config:
    """Find the project's alembic.ini, beside this package or where you stand."""
    for folder in (Path(__file__).resolve().parents[1], Path.cwd()):
        path = folder / "alembic.ini"
        if path.is_file():
            # Alembic must not set up logging for the program that calls it.
            return Config(str(path), attributes={"configure_logger": False})
    typer.echo(
        "There is no alembic.ini here. Run this in the project folder.", err=True
    )
    raise typer.Exit(code=1)


if __name__ == "__main__":
    app()
