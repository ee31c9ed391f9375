"""Which names of a submission are taken in, and in which spelling."""

import unicodedata
from collections.abc import Collection, Iterable
from fnmatch import fnmatchcase

from grader.submission.notes import Notes

JUNK = frozenset(
    {
        *(".git", ".hg", ".svn", ".idea", ".vscode", ".ds_store", "__macosx"),
        *(".venv", "venv", "site-packages", "node_modules", ".tox"),
        *("__pycache__", ".pytest_cache", ".mypy_cache", ".ruff_cache"),
        *(".import_linter_cache", ".cache", ".nox"),
        *(".hypothesis", ".ipynb_checkpoints", ".eggs", "dist", "htmlcov"),
        *(".coverage", "thumbs.db", ".uv_cache", ".grader"),
    }
)
JUNK_ENDINGS = (".pyc", ".pyo", ".egg-info", ".dist-info")
JUNK_BEGINNING = "._"
DATABASE_ENDINGS = (".db", ".sqlite", ".sqlite3")
DATABASE_COMPANIONS = ("-wal", "-shm", "-journal")
KEYS = ("*.pem", "*.key", "*.p12", "*.pfx", "id_rsa", "id_ed25519", "id_ecdsa")
PASSWORDS = (".netrc", ".pypirc", ".git-credentials", "credentials.json")
SETTINGS_EXAMPLES = ("example", "sample", "template", "dist")
UNUSABLE_CATEGORIES = frozenset({"Cc", "Cs", "Zl", "Zp"})
LONGEST_PART = 255
LONGEST_PATH = 1000
DEEPEST = 40


def admit(raw: str, notes: Notes) -> str | None:
    """Give the clean path for an offered name, or None where it is left out."""
    if is_outside(raw):
        notes.add("its name points outside the submission", raw)
        return None
    path = clean_path(raw)
    if path is None:
        notes.add("its name cannot be used", raw)
        return None
    if is_junk(path):
        return None
    reason = private_reason(path)
    if reason:
        notes.add(reason, raw)
        return None
    return path


def is_outside(raw: str) -> bool:
    """Tell whether a name is absolute or climbs above its folder."""
    has_drive = len(raw) > 1 and raw[0].isalpha() and raw[1] == ":"
    return raw.startswith("/") or has_drive or ".." in raw.split("/")


def clean_path(raw: str) -> str | None:
    """Normalise a relative path to NFC, or give None where it is unusable."""
    ordinary = raw.isascii() and raw.isprintable()
    if not ordinary and any(map(_is_unusable, raw)):
        return None
    normal = unicodedata.normalize("NFC", raw)
    parts = [part for part in normal.split("/") if part not in ("", ".")]
    sizes = [len(part.encode()) for part in parts]
    too_long = max(sizes, default=0) > LONGEST_PART or sum(sizes) > LONGEST_PATH
    if not parts or too_long or len(parts) > DEEPEST:
        return None
    return "/".join(parts)


def _is_unusable(character: str) -> bool:
    return unicodedata.category(character) in UNUSABLE_CATEGORIES


def is_junk(path: str) -> bool:
    """Tell whether tools made this file, or the folder that it lies in."""
    parts = path.lower().split("/")
    if "/build/lib/" in f"/{path}/" or "/build/bdist." in f"/{path}":
        return True
    return any(_is_junk_part(part) for part in parts)


def _is_junk_part(part: str) -> bool:
    is_made = part.endswith(JUNK_ENDINGS) or part.startswith(JUNK_BEGINNING)
    return is_made or part in JUNK


def private_reason(path: str) -> str | None:
    """Say why a student's own file is better not graded, if it is so."""
    name = path.lower().rpartition("/")[2]
    stem = name
    for companion in DATABASE_COMPANIONS:
        stem = stem.removesuffix(companion)
    if stem.endswith(DATABASE_ENDINGS):
        return "a committed database"
    is_settings = name == ".env" or name.startswith(".env.")
    if is_settings and not name.endswith(SETTINGS_EXAMPLES):
        return "settings of your own machine"
    if name in PASSWORDS or any(fnmatchcase(name, pattern) for pattern in KEYS):
        return "a key or password of your own"
    return None


def is_beneath(path: str, folders: Iterable[str]) -> bool:
    """Tell whether a path is one of the folders or lies in one."""
    return any(path == folder or path.startswith(f"{folder}/") for folder in folders)


def folders_of(path: str) -> list[str]:
    """Give the folders that a path lies in, outermost first."""
    parts = path.split("/")
    return ["/".join(parts[:end]) for end in range(1, len(parts))]


def wrapping_folders(paths: Collection[str]) -> tuple[str, ...]:
    """Give "" and each folder that everything lies in, outermost first."""
    found = [""]
    while paths:
        prefix = f"{found[-1]}/" if found[-1] else ""
        heads = {path[len(prefix) :].partition("/")[0] for path in paths}
        inner = prefix + min(heads)
        if len(heads) > 1 or inner in paths:
            break
        found.append(inner)
    return tuple(found)
