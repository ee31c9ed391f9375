from fastapi import Depends, FastAPI

from .db import get_session
from .repository import MovieRepository

app = FastAPI()


@app.get("/movies")
def movies(session=Depends(get_session)):
    return MovieRepository(session).list()
