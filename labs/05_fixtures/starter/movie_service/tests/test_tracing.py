"""Follow a request by its trace id, and read errors in their envelope."""

# TODO(fixtures): a given trace id is echoed, a missing one is made, and every write
# logs it together with the movie id (see the fixture caplog).
