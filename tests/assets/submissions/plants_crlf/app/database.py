import os

from sqlmodel import Session, create_engine

engine = create_engine(os.getenv("PLANTS_DATABASE_URL", "sqlite:///data/plants.db"))


def get_session():
    with Session(engine) as session:
        yield session
