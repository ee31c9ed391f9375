"""Grade a whole class: who handed in what, and the run that grades it."""
