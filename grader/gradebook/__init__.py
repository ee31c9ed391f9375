"""The gradebook: every attempt of a class, and where each student stands."""
