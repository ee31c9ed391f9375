from fastapi import FastAPI

app = FastAPI(title="exercise 1")
BOOKS: dict[int, dict] = {}


@app.get("/books")
def list_books():
    return list(BOOKS.values())


@app.post("/books")
def add_book(book: dict):
    BOOKS[len(BOOKS)] = book
    return book
