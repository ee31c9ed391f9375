"""Let an instructor run a suite by hand: pytest CHECKPOINT --submission PATH."""

pytest_plugins = ["grader.plugin"]
