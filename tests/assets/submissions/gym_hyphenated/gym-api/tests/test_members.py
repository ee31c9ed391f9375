from fastapi.testclient import TestClient
from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker

from app.database import Base, get_db
from app.main import app

engine = create_engine("sqlite:///./test.db")
Base.metadata.create_all(engine)
session = sessionmaker(bind=engine)()
app.dependency_overrides[get_db] = lambda: session
client = TestClient(app)


def test_create_member():
    assert client.post("/members/", json={"email": "a@b.c"}).status_code == 201
