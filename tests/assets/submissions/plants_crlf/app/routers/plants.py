from fastapi import APIRouter, Depends
from sqlmodel import Session, select

from app.database import get_session
from app.models import Plant

router = APIRouter(prefix="/api/plants")


@router.get("/")
def list_plants(session: Session = Depends(get_session)):
    return session.exec(select(Plant)).all()


@router.post("/", status_code=201)
def add_plant(plant: Plant, session: Session = Depends(get_session)):
    session.add(plant)
    session.commit()
    session.refresh(plant)
    return plant
