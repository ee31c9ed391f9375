from fastapi import Depends, FastAPI
from sqlmodel import Session, select

from chat.db.session import get_session
from chat.db.tables import Message


def create_app() -> FastAPI:
    application = FastAPI()

    @application.get("/messages")
    async def messages(session: Session = Depends(get_session)):
        return session.exec(select(Message)).all()

    return application
