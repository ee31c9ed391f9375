"""Build the database by its migrations, as a deployment does."""

# TODO(fixtures): `upgrade head` on a file that does not exist yet, then `check`: no
# difference to the models may be left.
