"""Rate movies over HTTP."""

# TODO(fixtures): a rating is stored for the movie that was rated and for no other; bad
# scores answer 422 and unknown movies 404, and neither stores anything.
