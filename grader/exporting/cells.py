"""Write CSV that the reader takes as it is meant: quotes, lines, formulas, numbers."""

import csv
import io
import re
from collections.abc import Iterable, Sequence

# What a spreadsheet runs instead of showing, also in the wide forms that some fold.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")
# A line break inside a cell, however quoted, misleads readers that go line by line;
# halves of characters can be written into no file.
BREAKS = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029\ud800-\udfff]+")
MARK = "\ufeff"


def one_line(text: str) -> str:
    """Keep text as it is, but on one line and fit for UTF-8."""
    return BREAKS.sub(" ", text)


def begins_formula(text: str) -> bool:
    """Say whether a spreadsheet might run a cell of this text."""
    return text.startswith(FORMULA)


def harmless(text: str) -> str:
    """Put an apostrophe before what a spreadsheet would run; it shows the rest."""
    return f"'{one_line(text)}" if begins_formula(text) else one_line(text)


def number(value: float | None) -> str:
    """Write a number with a point and without needless zeros; nothing for none."""
    return "" if value is None else f"{value:.2f}".rstrip("0").rstrip(".")


def to_csv(rows: Iterable[Sequence[str]], *, marked: bool = False) -> str:
    """Write rows as RFC 4180 has it; ``marked`` begins with a byte order mark.

    A spreadsheet takes a file without the mark for its local encoding.
    """
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    return (MARK if marked else "") + out.getvalue()
