from sqlmodel import Field, SQLModel


class Movie(SQLModel, table=True)
    id: int | None = Field(default=None, primary_key=True)
    title: str = Field(unique=True
