from pydantic import BaseModel


class BookIn(BaseModel):
    isbn: str
    title: str
