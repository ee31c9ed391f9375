"""The same twenty scenarios as an ordinary pytest module, without any isolation.

Run by ``benchmarks/run.py`` as ``pytest benchmarks/plain_pytest.py`` in a folder that
has the movie service; the service then shares the process with the assertions.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from fastapi.testclient import TestClient

from benchmarks import scenarios


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """Give the application on a migrated database."""
    place = tmp_path_factory.mktemp("data") / "service.db"
    os.environ["DATABASE_URL"] = f"sqlite:///{place}"
    command.upgrade(Config(str(Path("alembic.ini").absolute())), "head")
    from movie_service.main import app

    with TestClient(app) as client:
        yield client


@pytest.mark.parametrize("number", range(scenarios.REPEATS))
@pytest.mark.parametrize("scenario", scenarios.SCENARIOS)
def test_scenario(
    client: TestClient, scenario: scenarios.Scenario, number: int
) -> None:
    """Put one scenario."""

    def send(method: str, path: str, body: Any = None) -> tuple[int, Any]:
        answer = client.request(method, path, json=body)
        return answer.status_code, answer.json() if answer.content else None

    assert scenario(send, number)
