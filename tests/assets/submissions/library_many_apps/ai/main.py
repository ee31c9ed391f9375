import httpx
from fastapi import FastAPI

app = FastAPI(title="summaries")


@app.post("/summaries")
def summarise(text: str):
    return httpx.post("http://localhost:11434/api/generate", json={"p": text}).json()
