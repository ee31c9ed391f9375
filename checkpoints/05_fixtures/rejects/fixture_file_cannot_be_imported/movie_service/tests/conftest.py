"""Use factories."""

import pytest
from fastapi.testclient import TestClient

from movie_service.factories import make_movie
from movie_service.main import app


@pytest.fixture
def movie():
    return make_movie()


@pytest.fixture
def client() -> TestClient:
    return TestClient(app)
