"""Build the database by its migrations, as a deployment does."""

from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import inspect
from sqlmodel import create_engine
from typer.testing import CliRunner

from movie_service.cli import app


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Configure a database that does not exist yet, below a folder that does not."""
    url = f"sqlite:///{tmp_path / '100% new' / 'movies.db'}"
    monkeypatch.setenv("DATABASE_URL", url)
    return url


@pytest.fixture
def config() -> Config:
    """Load the project's alembic.ini, wherever above this file it is."""
    folders = Path(__file__).resolve().parents
    ini = next(path for folder in folders if (path := folder / "alembic.ini").exists())
    return Config(str(ini), attributes={"configure_logger": False})


def tables(url: str) -> set[str]:
    """Return the tables in the database."""
    engine = create_engine(url)
    names = set(inspect(engine).get_table_names())
    engine.dispose()
    return names


def test_the_migrations_build_what_the_models_describe(
    url: str, config: Config
) -> None:
    """After an upgrade of nothing, no difference is left to generate."""
    command.upgrade(config, "head")

    assert tables(url) == {"alembic_version", "movie", "rating"}
    command.check(config)


def test_the_migrations_can_be_undone(url: str, config: Config) -> None:
    """Down to nothing and up again is as good as the first time."""
    command.upgrade(config, "head")

    command.downgrade(config, "base")
    assert tables(url) == {"alembic_version"}

    command.upgrade(config, "head")
    command.check(config)


def test_migrate_runs_the_migrations(url: str) -> None:
    """The command makes the database ready, and does so again."""
    for _ in range(2):
        result = CliRunner().invoke(app, ["migrate"])

        assert result.exit_code == 0, result.output
        assert "Database ready" in result.output
    assert tables(url) == {"alembic_version", "movie", "rating"}


def test_er_draws_every_table(tmp_path: Path) -> None:
    """The page shows both tables, their columns and their relation."""
    page = tmp_path / "docs" / "data-model.md"

    result = CliRunner().invoke(app, ["er", "--output", str(page)])

    assert result.exit_code == 0, result.output
    text = page.read_text(encoding="utf-8")
    assert "erDiagram" in text
    assert "MOVIE ||--o{ RATING" in text
    assert "title UK" in text
    assert "movie_id FK" in text
