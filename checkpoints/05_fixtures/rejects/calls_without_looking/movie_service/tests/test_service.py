"""Call everything once."""


def test_create(client):
    response = client.post("/movies", json={"title": "Heat", "year": 1995})
    assert response is not None


def test_list(client):
    movies = client.get("/movies").json()
    assert movies == movies


def test_rate(client):
    client.post("/movies", json={"title": "Heat", "year": 1995})
    client.post("/movies/1/ratings", json={"score": 5})


def test_delete(client):
    response = client.delete("/movies/1")
    assert response.status_code
