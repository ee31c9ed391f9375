"""Decode JSON that a submission may have written."""

import json
import math
from typing import Any

DEEPEST = 64
LONGEST_NUMBER = 40


def decode_json(text: str | bytes) -> Any:
    """Decode one JSON value of ordinary depth, with finite numbers of ordinary length.

    Raises:
        ValueError: if it is anything else, so that what it becomes can be compared,
            computed with and shown.
    """
    try:
        value = json.loads(
            text, parse_constant=_refuse, parse_float=_finite, parse_int=_ordinary
        )
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    _refuse_depth(value)
    return value


def decode_object(text: str | bytes) -> dict[str, Any] | None:
    """Decode a JSON object; None where it is malformed or something else."""
    try:
        value = decode_json(text)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def _refuse(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


def _finite(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise ValueError("a number that is too large")
    return value


def _ordinary(digits: str) -> int:
    if len(digits) > LONGEST_NUMBER:
        raise ValueError("a number that is too long")
    return int(digits)


def _refuse_depth(value: Any) -> None:
    level = [value]
    for _ in range(DEEPEST):
        level = [inner for outer in level for inner in _inside(outer)]
        if not level:
            return
    raise ValueError("nested too deeply")


def _inside(value: Any) -> list[Any]:
    if isinstance(value, dict):
        value = list(value.values())
    return value if isinstance(value, list) else []
