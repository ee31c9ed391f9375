"""The process behind ``background``: check for whoever asks, until nobody does."""

import contextlib
import json
import os
import signal
import socket
import sys
import time
from pathlib import Path
from typing import Any

from grader.catalog import Course
from grader.errors import GraderError, MisuseError
from grader.sandbox.choice import choose_engine

from .background import Place
from .checking import Checker, open_checker

IDLE_S = 900.0
LOOK_S = 30.0


def main(path: str, course: str, engine: str) -> None:
    """Serve on a socket until nobody asked for a while."""
    os.umask(0o077)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path)  # fails if another was faster, which then serves
        listener.listen(8)
        listener.settimeout(LOOK_S)
        try:
            read = Course.read(Path(course))
            chosen = choose_engine(engine, own_folder=True).engine
            with open_checker(read, chosen) as checker:
                _serve(listener, checker)
        finally:
            Path(path).unlink(missing_ok=True)


def _serve(listener: socket.socket, checker: Checker) -> None:
    asked = time.monotonic()
    while True:
        try:
            connection, _ = listener.accept()
        except TimeoutError:
            place = Place.find(checker.course, checker.stage.engine)
            outdated = place is None or str(place.path) != listener.getsockname()
            if outdated or time.monotonic() - asked > IDLE_S:
                return
            continue
        asked = time.monotonic()
        connection.settimeout(None)
        with connection, contextlib.suppress(OSError):
            if not _answer(connection, checker):
                return


def _answer(connection: socket.socket, checker: Checker) -> bool:
    """Answer one request; say whether to go on."""

    def tell(**message: Any) -> None:
        connection.sendall(f"{json.dumps(message)}\n".encode())

    with connection.makefile("rb") as lines:
        request = json.loads(lines.readline() or b'{"stop": true}')
    if "stop" in request:
        return False
    try:
        checked = checker.check(
            Path(request["folder"]),
            request["steps"],
            lambda identity, title: tell(began=[identity, title]),
        )
    except MisuseError as error:
        tell(error=_described("misuse", error))
        return True
    except GraderError as error:
        tell(error=_described("fault", error))
        return False  # the next one starts afresh
    tell(checked=checked.model_dump(mode="json"))
    return True


def _described(kind: str, error: GraderError) -> dict[str, str]:
    return {"kind": kind, "problem": error.problem, "next_step": error.next_step}


if __name__ == "__main__":
    main(*sys.argv[1:])
