from sqlalchemy import select
from sqlalchemy.orm import Session

from app import models, schemas


def get_session(db: Session, workout_id: int):
    """A training session, not a database session."""
    return db.get(models.Workout, workout_id)


def list_members(db: Session):
    return db.scalars(select(models.Member).order_by(models.Member.email)).all()


def create_member(db: Session, member: schemas.MemberCreate):
    row = models.Member(email=member.email)
    db.add(row)
    db.commit()
    db.refresh(row)
    return row


def add_workout(db: Session, member_id: int, workout: schemas.WorkoutCreate):
    row = models.Workout(member_id=member_id, **workout.model_dump())
    db.add(row)
    db.commit()
    return row
