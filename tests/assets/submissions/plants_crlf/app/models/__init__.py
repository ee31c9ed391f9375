from app.models.plant import Plant
from app.models.watering import Watering

__all__ = ["Plant", "Watering"]
