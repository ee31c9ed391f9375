from pydantic import BaseModel, ConfigDict


class MemberCreate(BaseModel):
    email: str


class MemberOut(MemberCreate):
    model_config = ConfigDict(from_attributes=True)

    id: int


class WorkoutCreate(BaseModel):
    kind: str
    minutes: int
