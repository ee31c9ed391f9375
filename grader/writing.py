"""Write files whole or not at all, and zips that are the same for the same files."""

import io
import os
import zipfile
from collections.abc import Mapping
from pathlib import Path

# The first moment that a zip can name: when a file was changed is no part of it.
MOMENT = (1980, 1, 1, 0, 0, 0)
ORDINARY_FILE = 0o100644
MADE_ON_UNIX = 3


def write_whole(path: Path, content: bytes) -> None:
    """Write a file that nobody ever sees half of; a pipe or a device, as it is."""
    target = path.resolve()
    if target.exists() and not target.is_file():
        target.write_bytes(content)  # nothing can replace it
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        unfinished.write_bytes(content)
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Zip files by relative path: the same files give the same bytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            member = zipfile.ZipInfo(name, MOMENT)
            member.create_system = MADE_ON_UNIX
            member.external_attr = ORDINARY_FILE << 16
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, files[name])
    return packed.getvalue()
