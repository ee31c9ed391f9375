"""Use the fixtures that the service's own tests use."""

from movie_service.tests.conftest import (
    client,
    engine,
    no_real_database,
    repository,
    start_app,
    stored,
)
from movie_service.tests.test_ratings import movie_ids

__all__ = [
    "client",
    "engine",
    "movie_ids",
    "no_real_database",
    "repository",
    "start_app",
    "stored",
]
