"""Let an instructor run one suite: pytest checkpoints/03_migration --submission PATH."""

pytest_plugins = ["grader.plugin"]
