import os

from sqlmodel import Session, create_engine

CONN_URL = (
    f"mysql+pymysql://{os.getenv('DB_USER', 'root')}"
    f"@{os.getenv('DB_HOST', 'localhost')}/clinic"
)
engine = create_engine(CONN_URL)


def get_db():
    with Session(engine) as db:
        yield db
