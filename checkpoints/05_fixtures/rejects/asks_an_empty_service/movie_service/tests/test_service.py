"""Ask a service that holds nothing."""


def test_list_is_empty(client):
    assert client.get("/movies").json() == []


def test_unknown_movie_is_not_found(client):
    assert client.get("/movies/1").status_code == 404
    assert client.delete("/movies/1").status_code == 404


def test_bad_movie_is_refused(client):
    assert client.post("/movies", json={"title": "", "year": 1}).status_code == 422


def test_unknown_movie_cannot_be_rated(client):
    response = client.post("/movies/1/ratings", json={"score": 5})
    assert response.status_code == 404


def test_trace_id_is_echoed(client):
    response = client.get("/health", headers={"X-Trace-Id": "abc"})
    assert response.headers["X-Trace-Id"] == "abc"
