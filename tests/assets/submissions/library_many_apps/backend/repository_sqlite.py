from sqlmodel import Session, select

from .db import Book


class BookRepository:
    def __init__(self, session: Session):
        self.session = session

    def list(self):
        return self.session.exec(select(Book)).all()

    def create(self, isbn, title):
        book = Book(isbn=isbn, title=title)
        self.session.add(book)
        self.session.commit()
        self.session.refresh(book)
        return book
