"""Begin with nothing, and go on with what is there."""


def test_there_is_nothing_at_first(client):
    assert client.get("/movies").json() == []


def test_first_movie_is_listed(client):
    client.post("/movies", json={"title": "Metropolis", "year": 1927})

    titles = [movie["title"] for movie in client.get("/movies").json()]
    assert titles == ["Metropolis"]
