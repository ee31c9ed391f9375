"""What can go wrong, and the one JSON envelope in which a client is told."""

# TODO(repository): put every error in one envelope,
# {"error": {"code", "message", "trace_id"}}, with handlers for these two errors, for
# HTTPException and for RequestValidationError.


class MovieNotFoundError(Exception):
    """There is no movie with this id."""


class DuplicateTitleError(Exception):
    """Another movie has this title already."""
