"""Rate movies."""


def test_rating_answers_201(client):
    movie = client.post("/movies", json={"title": "Heat", "year": 1995}).json()

    rated = client.post(f"/movies/{movie['id']}/ratings", json={"score": 5})

    assert rated.status_code == 201
