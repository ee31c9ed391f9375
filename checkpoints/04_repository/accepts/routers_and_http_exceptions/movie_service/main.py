import logging
import uuid

from fastapi import FastAPI, Request

from .routers import movies

logging.basicConfig(level=logging.INFO)
app = FastAPI(title="Movies")
app.include_router(movies.router)


@app.middleware("http")
async def trace(request: Request, call_next):
    request.state.trace_id = request.headers.get("x-trace-id") or str(uuid.uuid4())
    response = await call_next(request)
    response.headers["x-trace-id"] = request.state.trace_id
    return response


@app.get("/health")
def health():
    return {"ok": True}
