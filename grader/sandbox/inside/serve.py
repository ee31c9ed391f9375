"""Run the submission's ASGI application on a listening socket that it is given."""

import socket
from typing import Any

from .child import Box


def serve(box: Box, role: str, port: int | None = None) -> object:
    """Serve the application of a role until the process is ended.

    It listens on the socket that came, or on a port where none could come.

    Answers ``{"started": true}`` once the application has started up; an application
    that refuses to start makes the observation an error.
    """
    import uvicorn

    application = find_application(box, role)
    if port is None:
        listener = socket.socket(fileno=box.descriptors[0])
    else:
        listener = socket.create_server(("127.0.0.1", port))

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if self.started:
                box.answer({"started": True})

    config = uvicorn.Config(
        application,
        log_config=None,
        access_log=False,
        lifespan="auto",
        loop="asyncio",
        timeout_keep_alive=3600,  # a slow check must not meet a closed connection
    )
    Server(config).run(sockets=[listener])
    raise RuntimeError("the application did not start")


def find_application(box: Box, role: str) -> Any:
    """Return the module's ASGI application: ``app``, another instance, or a factory."""
    module = box.module(role)
    candidates = [getattr(module, "app", None), *vars(module).values()]
    for candidate in candidates:
        if hasattr(candidate, "openapi") and hasattr(candidate, "router"):
            return candidate
    factory = getattr(module, "create_app", None)
    if callable(factory):
        return factory()
    raise AttributeError(f"module {module.__name__!r} has no ASGI application `app`")
