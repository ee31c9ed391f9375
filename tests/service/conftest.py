"""Use the fixtures that the service's own tests use."""

from movie_service.tests.conftest import (
    client,
    engine,
    no_real_database,
    repository,
    start_app,
    stored,
)

__all__ = [
    "client",
    "engine",
    "no_real_database",
    "repository",
    "start_app",
    "stored",
]
