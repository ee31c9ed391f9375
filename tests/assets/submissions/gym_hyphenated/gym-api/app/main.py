from fastapi import Depends, FastAPI, HTTPException
from sqlalchemy.orm import Session

from app import crud, models, schemas
from app.database import engine, get_db

models.Base.metadata.create_all(bind=engine)
app = FastAPI(title="Gym 🏋️")


@app.get("/members/", response_model=list[schemas.MemberOut])
def list_members(db: Session = Depends(get_db)):
    return crud.list_members(db)


@app.post("/members/", response_model=schemas.MemberOut, status_code=201)
def create_member(member: schemas.MemberCreate, db: Session = Depends(get_db)):
    return crud.create_member(db, member)


@app.get("/workouts/{workout_id}")
def read_workout(workout_id: int, db: Session = Depends(get_db)):
    workout = crud.get_session(db, workout_id)
    if workout is None:
        raise HTTPException(404, "no such workout")
    return {"id": workout.id, "kind": workout.kind}
