from contextlib import contextmanager

from sqlmodel import Session, SQLModel, create_engine

engine = create_engine("sqlite:///./movies.db")


def init_db():
    SQLModel.metadata.create_all(engine)


@contextmanager
def get_session():
    with Session(engine) as session:
        yield session
