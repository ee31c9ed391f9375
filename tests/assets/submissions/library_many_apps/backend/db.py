import os

from sqlmodel import Field, Session, SQLModel, create_engine

DATABASE_URL = os.environ.get("DATABASE_URL", "sqlite:///./library.db")
engine = create_engine(DATABASE_URL)


class Book(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    isbn: str = Field(unique=True)
    title: str


def get_session():
    with Session(engine) as session:
        yield session
