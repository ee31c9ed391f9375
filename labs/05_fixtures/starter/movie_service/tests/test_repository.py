"""Use the repository through one session and read back through another."""

# TODO(fixtures): each method commits what it says, and a refused duplicate leaves the
# session usable.
