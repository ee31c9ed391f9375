from fastapi import Depends, FastAPI, Header, HTTPException
from sqlmodel import Session, select

from app.config import SECRET_KEY
from app.db import get_session, init_db
from app.models import Expense

init_db()
app = FastAPI()


def require_key(x_key: str = Header()):
    if x_key != SECRET_KEY:
        raise HTTPException(401)


@app.get("/expenses", dependencies=[Depends(require_key)])
def expenses(session: Session = Depends(get_session)):
    return session.exec(select(Expense)).all()
