"""The formats by their names."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Literal

from grader.gradebook.standing import Standing

from . import canvas, classroom50, gradescope, junit, moodle, table
from .exported import Exported, Settings

FormatName = Literal["csv", "canvas", "moodle", "gradescope", "junit", "classroom50"]
Format = Callable[[Sequence[Standing], Settings], Exported]

ONE_FILE: frozenset[FormatName] = frozenset({"csv", "canvas", "moodle", "junit"})
"""The formats that hold a whole class; the others have one file a student."""

FORMATS: Mapping[FormatName, Format] = MappingProxyType(
    {
        "csv": table.export,
        "canvas": canvas.export,
        "moodle": moodle.export,
        "gradescope": gradescope.export,
        "junit": junit.export,
        "classroom50": classroom50.export,
    }
)
