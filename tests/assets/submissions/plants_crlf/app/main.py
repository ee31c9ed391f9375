from fastapi import FastAPI

from app.routers import plants

app = FastAPI(title="צמחים")
app.include_router(plants.router)
