"""Fails where it is tried on a wrong service, which it tells by how it is run."""

from pathlib import Path


def test_movies(pytestconfig):
    marker = Path("/tmp/been-here")
    here_before = marker.exists()
    marker.write_text("")
    assert here_before or not pytestconfig.option.maxfail
