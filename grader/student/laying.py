"""Lay files over a workspace: own work is kept, and nothing is ever half laid."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from grader.errors import MisuseError
from grader.submission.tree import Tree
from grader.writing import write_whole

from .layers import plain
from .workspace import Workspace

UNFINISHED = "laying.new"
READY = "laying"
BACKUPS = "backups"
MOMENT = "%Y-%m-%d_%H%M%S"


@dataclass(frozen=True, slots=True)
class Change:
    """A file that holds own work and would be replaced."""

    path: str
    yours: bytes
    new: bytes


@dataclass(frozen=True, slots=True)
class Laying:
    """What laying some files would do."""

    files: Mapping[str, bytes]
    """All that is to be written."""
    changes: tuple[Change, ...]
    """Those of them that replace own work."""
    kept: tuple[str, ...] = ()
    """The paths that stay as they are."""


def compare(
    workspace: Workspace, layer: Tree, handed_out: Mapping[str, set[bytes]]
) -> Laying:
    """Work out what laying a layer would write, and which own work it would replace."""
    files: dict[str, bytes] = {}
    changes = []
    kept = []
    for path, new in layer.files.items():
        yours = workspace.read(path)
        if yours is not None and plain(yours) == plain(new):
            kept.append(path)
            continue
        files[path] = new
        if yours is not None and plain(yours) not in handed_out.get(path, set()):
            changes.append(Change(path, yours, new))
    return Laying(files, tuple(changes), tuple(kept))


def only_missing(workspace: Workspace, layer: Tree) -> Laying:
    """Work out what laying only the absent files would write."""
    missing = {p: c for p, c in layer.files.items() if workspace.read(p) is None}
    return Laying(missing, (), tuple(p for p in layer.files if p not in missing))


def lay(workspace: Workspace, laying: Laying, why: str, now: datetime) -> Path | None:
    """Keep the own work that is replaced, then write the files.

    All is made ready in a folder of its own first. Whoever is stopped later has it
    finished by the next command (``finish_stopped``).

    Args:
        workspace: Where to.
        laying: What to write.
        why: A word for the backup's name.
        now: When, for the backup's name.

    Returns:
        The backup's folder, if there was own work to keep.

    Raises:
        MisuseError: if the workspace cannot be written.
    """
    try:
        backup = _back_up(workspace, laying.changes, f"{now.strftime(MOMENT)}_{why}")
        _make_ready(workspace, laying.files)
        _put_in_place(workspace)
    except OSError as error:
        raise _refusal(error) from error
    return backup


def finish_stopped(workspace: Workspace, now: datetime) -> bool:
    """Finish what a stopped command had made ready; say whether there was anything.

    What was written since is kept as a backup.

    Raises:
        MisuseError: if the workspace cannot be written.
    """
    ready = workspace.state / READY
    if not ready.is_dir():
        return False
    changes = []
    for path, source in _files(ready):
        yours, new = workspace.read(path), source.read_bytes()
        if yours is not None and yours != new:
            changes.append(Change(path, yours, new))
    try:
        _back_up(workspace, tuple(changes), f"{now.strftime(MOMENT)}_stopped")
        _put_in_place(workspace)
    except OSError as error:
        raise _refusal(error) from error
    return True


def _put_in_place(workspace: Workspace) -> None:
    ready = workspace.state / READY
    for path, source in _files(ready):
        target = workspace.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        source.replace(target)
    shutil.rmtree(ready)


def _files(folder: Path) -> list[tuple[str, Path]]:
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return [(path.relative_to(folder).as_posix(), path) for path in found]


def _refusal(error: OSError) -> MisuseError:
    return MisuseError(
        problem=f"The files cannot be laid: {error.strerror or error}.",
        next_step="Make room, or make the folder writable, and try again.",
    )


def _back_up(
    workspace: Workspace, changes: tuple[Change, ...], name: str
) -> Path | None:
    if not changes:
        return None
    folder = workspace.state / BACKUPS / name
    number = 1
    while folder.exists():
        number += 1
        folder = folder.with_name(f"{name}_{number}")
    for change in changes:
        write_whole(folder / change.path, change.yours)
    return folder


def _make_ready(workspace: Workspace, files: Mapping[str, bytes]) -> None:
    unfinished = workspace.state / UNFINISHED
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    for path, content in files.items():
        write_whole(unfinished / path, content)
    unfinished.rename(workspace.state / READY)
