import typer

from app.db import init_db

app = typer.Typer()


@app.command()
def migrate() -> None:
    init_db()
    typer.echo("Database ready")


if __name__ == "__main__":
    app()
