from typing import Optional

from sqlmodel import Field, Relationship, SQLModel

from app.models.plant import Plant


class Watering(SQLModel, table=True):
    id: Optional[int] = Field(default=None, primary_key=True)
    plant_id: int = Field(foreign_key="plant.id")
    litres: float
    plant: Optional[Plant] = Relationship(back_populates="waterings")
