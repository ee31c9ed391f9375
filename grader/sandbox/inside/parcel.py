"""Carry a world's files in one piece: a list of names and sizes, then all contents.

A tar archive would do, at ten times the cost: the same files are laid dozens of times.
"""

import json
from collections.abc import Iterator, Mapping

from .wire import HEADER


def pack(files: Mapping[str, bytes]) -> bytes:
    """Put files into one piece."""
    listed = json.dumps([[path, len(content)] for path, content in files.items()])
    head = listed.encode()
    return b"".join((HEADER.pack(len(head)), head, *files.values()))


def unpack(parcel: bytes) -> Iterator[tuple[str, memoryview]]:
    """Give each file's path and content."""
    (length,) = HEADER.unpack_from(parcel)
    start = HEADER.size + length
    contents = memoryview(parcel)
    for path, size in json.loads(parcel[HEADER.size : start]):
        yield path, contents[start : start + size]
        start += size
