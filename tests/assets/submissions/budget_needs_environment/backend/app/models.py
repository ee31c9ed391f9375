from datetime import datetime

from sqlmodel import Field, SQLModel


class Expense(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    amount: float
    spent_at: datetime = Field(default_factory=datetime.utcnow)
