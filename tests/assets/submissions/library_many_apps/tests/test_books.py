from fastapi import FastAPI
from fastapi.testclient import TestClient

from backend.main import app

other = FastAPI()


def test_books():
    assert TestClient(app).get("/books").status_code in (200, 500)
