"""Which of the offered files are read, within the limits of a submission."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from grader.submission.names import folders_of, is_beneath, wrapping_folders
from grader.submission.notes import Notes

SOURCE_ENDINGS = (
    *(".py", ".ini", ".toml", ".cfg", ".mako", ".txt", ".md", ".ipynb"),
    *(".lock", ".sql", ".json", ".yaml", ".yml"),
)


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a submission is taken in."""

    files: int = 3000
    folders: int = 3000
    file_bytes: int = 2_000_000
    total_bytes: int = 40_000_000
    names: int = 60_000  # looked at before anything is chosen


STANDARD_LIMITS = Limits()


def choose(
    sizes: Mapping[str, int], limits: Limits, leave_out: Sequence[str], notes: Notes
) -> list[str]:
    """Give the paths to read, sorted; sources go first where not all fit."""
    kept: list[str] = []
    folders: set[str] = set()
    total = 0
    for path in sorted(_wanted(sizes, leave_out, notes), key=_rank):
        if sizes[path] > limits.file_bytes:
            notes.add(f"larger than {limits.file_bytes // 1000} kB", path)
        elif len(kept) >= limits.files:
            notes.add(f"only {limits.files} files are read", path)
        elif total + sizes[path] > limits.total_bytes:
            notes.add(f"beyond {limits.total_bytes // 1_000_000} MB in all", path)
        elif len(folders) + len({*folders_of(path)} - folders) > limits.folders:
            notes.add(f"only {limits.folders} folders are read", path)
        else:
            kept.append(path)
            folders.update(folders_of(path))
            total += sizes[path]
    return sorted(kept)


def _wanted(
    sizes: Mapping[str, int], leave_out: Sequence[str], notes: Notes
) -> list[str]:
    starts = wrapping_folders(sizes.keys())
    prefixes = [f"{start}/{name}".lstrip("/") for start in starts for name in leave_out]
    folders = {folder for path in sizes for folder in folders_of(path)}
    wanted = []
    for path in sizes:
        if path in folders:
            notes.add("both a file and a folder have this name", path)
        elif not is_beneath(path, prefixes):
            wanted.append(path)
    return wanted


def _rank(path: str) -> tuple[bool, int, str]:
    return not path.lower().endswith(SOURCE_ENDINGS), path.count("/"), path
