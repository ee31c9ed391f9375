from fastapi import Depends, FastAPI
from sqlmodel import SQLModel

from .db import engine, get_session
from .models import BookIn
from .repository_sqlite import BookRepository

app = FastAPI()


@app.on_event("startup")
def create_tables():
    SQLModel.metadata.create_all(engine)


def get_repository(session=Depends(get_session)):
    return BookRepository(session)


@app.get("/books")
def books(repository: BookRepository = Depends(get_repository)):
    return repository.list()


@app.post("/books", status_code=201)
def add(book: BookIn, repository: BookRepository = Depends(get_repository)):
    return repository.create(book.isbn, book.title)
