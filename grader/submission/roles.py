"""A role: a part that a course expects, and the signs it is recognised by."""

import re
from collections.abc import Collection
from dataclasses import dataclass

WEIGHTED = re.compile(r"(?P<sign>.+?)\*(?P<weight>-?\d+)")


@dataclass(frozen=True, slots=True)
class Role:
    """One part of a service, by name."""

    name: str
    path: str  # where the course puts it; a folder's ends in "/"
    signs: tuple[str, ...] = ()  # "call:FastAPI*4" weighs 4, "call:FastAPI" 1

    @property
    def is_folder(self) -> bool:
        """Tell whether the role is a folder."""
        return self.path.endswith("/")

    @property
    def is_module(self) -> bool:
        """Tell whether the role is a Python module."""
        return self.path.endswith(".py")

    @property
    def file_name(self) -> str:
        """Give the last part of the path."""
        return self.path.rstrip("/").rpartition("/")[2]

    @property
    def stem(self) -> str:
        """Give the file name without its ending."""
        return self.file_name.removesuffix(".py")

    def weigh(self, signs: Collection[str]) -> int:
        """Add up the weights of the role's signs that are present."""
        return sum(weight for sign, weight in self.weights() if sign in signs)

    def weights(self) -> list[tuple[str, int]]:
        """Give each sign with its weight."""
        return [_split(sign) for sign in self.signs]


def _split(sign: str) -> tuple[str, int]:
    match = WEIGHTED.fullmatch(sign)
    return (match["sign"], int(match["weight"])) if match else (sign, 1)
