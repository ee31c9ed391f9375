"""Look after the database from the command line."""

from pathlib import Path
from typing import Annotated

import typer
from alembic.config import Config

from .diagram import data_model_page
from .models import Movie

app = typer.Typer(help="Look after the movie database.", no_args_is_help=True)


@app.command()
def migrate() -> None:
    """Bring the database to the newest revision."""
    # TODO(repository): let Alembic upgrade to head, and only then print
    # "Database ready". Creating the tables yourself would leave Alembic behind.
    typer.echo("Nothing migrated yet.", err=True)
    raise typer.Exit(code=1)


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
