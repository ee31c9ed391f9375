"""Name files after people: the same each time, and safe on every system."""

import hashlib
import re
import unicodedata
from collections.abc import Sequence

LONGEST = 60
DIGITS = 6
UNSAFE = re.compile(r"[^A-Za-z0-9_-]+")
# Names that Windows keeps for devices, with any ending.
DEVICES = re.compile(r"(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9])")


def safe_names(keys: Sequence[str]) -> list[str]:
    """Give each key a name of letters, digits, - and _, different for different keys.

    A key that is such a name by itself keeps it; any other is told apart by a digest:
    so a name depends on its own key alone, and no case or normal form can clash.
    """
    return [_safe_name(key) for key in keys]


def _safe_name(key: str) -> str:
    plain = unicodedata.normalize("NFKD", key).encode("ascii", "ignore").decode()
    name = UNSAFE.sub("-", plain).strip("-")[:LONGEST]
    if name and name == key and name == name.lower() and not DEVICES.fullmatch(name):
        return name
    digest = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{name or 'student'}-{digest[:DIGITS]}"
