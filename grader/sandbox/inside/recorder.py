"""Write down what a submission's process does: its SQL, its transactions, its log.

Events are JSON lines in one bounded file of the world. A submission could forge them,
so a check uses them to explain a failure and never as the only ground for points where
the database file or an answer can be asked instead.
"""

import json
import logging
import os
import sys
import time
from typing import Any

TEXT_LIMIT = 2_000
EVENT_LIMIT = 20_000


class Recorder:
    """Append events to a file that the child opens for itself."""

    def __init__(self) -> None:
        self.descriptor: int | None = None
        self.connections = 0
        self.events = 0

    def open(self, path: str) -> None:
        """Start writing to ``path``; until then events are only counted."""
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_CLOEXEC", 0)
        self.descriptor = os.open(path, flags, 0o600)

    def note(self, kind: str, **facts: Any) -> None:
        """Append one event."""
        self.events += 1
        if self.descriptor is None or self.events > EVENT_LIMIT:
            return
        line = json.dumps({"kind": kind, "at": time.time(), **facts}, default=repr)
        try:
            os.write(self.descriptor, line.encode("utf-8", "replace") + b"\n")
        except OSError:
            self.descriptor = None  # the world is full: its file says how far we got


def _bounded(value: object) -> str:
    try:
        text = value if isinstance(value, str) else repr(value)
    except Exception:  # noqa: BLE001 - a submission's __repr__ may raise anything
        text = f"<{type(value).__name__}>"
    return text if len(text) <= TEXT_LIMIT else text[:TEXT_LIMIT] + "…"


class LogHandler(logging.Handler):
    """Note every log record, with the attributes that ``extra=`` added."""

    ordinary = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime"}

    def __init__(self, recorder: Recorder) -> None:
        super().__init__(logging.DEBUG)
        self.recorder = recorder

    def emit(self, record: logging.LogRecord) -> None:
        """Note one record."""
        if record.name.startswith(("uvicorn.access", "asyncio", "sqlalchemy", "httpx")):
            return
        extra = {
            name: _bounded(value)
            for name, value in record.__dict__.items()
            if name not in self.ordinary
        }
        try:
            text = record.getMessage()
        except Exception:  # noqa: BLE001 - wrong arguments are the submission's error
            text = str(record.msg)
        self.recorder.note(
            "log",
            logger=record.name,
            level=record.levelname,
            text=_bounded(text),
            extra=extra,
        )


def listen_to_sqlalchemy(recorder: Recorder) -> None:
    """Note the statements and transactions of every engine of this process."""
    if "sqlalchemy" not in sys.modules:
        return
    from sqlalchemy import event
    from sqlalchemy.engine import Engine
    from sqlalchemy.pool import Pool

    def statement(*facts: Any) -> None:
        _, _, text, parameters, _, _ = facts
        recorder.note("sql", text=_bounded(text), parameters=_bounded(parameters))

    def opened(*_: Any) -> None:
        recorder.connections += 1

    def note(kind: str) -> Any:
        return lambda *_: recorder.note(kind)

    event.listen(Engine, "before_cursor_execute", statement)
    event.listen(Engine, "begin", note("begin"))
    event.listen(Engine, "commit", note("commit"))
    event.listen(Engine, "rollback", note("rollback"))
    event.listen(Pool, "connect", opened)
    event.listen(Pool, "checkout", note("checkout"))
    event.listen(Pool, "checkin", note("checkin"))


def listen_to_logging(recorder: Recorder) -> None:
    """Note every log record of this process, whatever level it is configured for."""
    root = logging.getLogger()
    root.addHandler(LogHandler(recorder))
    root.setLevel(logging.DEBUG)
    for noisy in ("asyncio", "sqlalchemy", "httpx", "httpcore", "uvicorn"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
