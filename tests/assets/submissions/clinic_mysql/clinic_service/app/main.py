from fastapi import Depends, FastAPI

from .mydb import get_db
from .schemas import Visit

app = FastAPI(docs_url=None, openapi_url=None)


@app.post("/visits/")
def create_visit(visit: Visit, db=Depends(get_db)):
    db.add(visit)
    db.commit()
    return visit
