from typing import Optional

from sqlmodel import Field, Relationship, SQLModel


class Plant(SQLModel, table=True):
    id: Optional[int] = Field(default=None, primary_key=True)
    name: str = Field(index=True, unique=True)
    waterings: list["Watering"] = Relationship(back_populates="plant")
