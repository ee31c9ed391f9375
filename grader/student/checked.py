"""What checking a workspace found: a record that costs nothing to import."""

from collections.abc import Callable, Mapping

from pydantic import BaseModel, ConfigDict

from grader.report import CheckReport, Readable

OnCheck = Callable[[str, str], None]
Checks = tuple[CheckReport, ...]


class Checked(BaseModel):
    """What checking a workspace found."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    digest: str
    """Of the workspace's files."""
    steps: Mapping[str, Checks]
    found: Mapping[str, Readable]
    """Role to the place of its files."""
    notes: tuple[Readable, ...]
    """How the service was found; what was left out is ``submit``'s to say."""
    packages: Mapping[str, str]
    sandbox: str
