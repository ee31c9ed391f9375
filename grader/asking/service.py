"""Talk HTTP to a submission's service."""

import contextlib
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx

from grader.sandbox.observation import Observation
from grader.sandbox.world import Program, World

from .answers import Answer
from .transport import PATIENCE_S, Transport, until

ANSWER_LIMIT = 2 * 1024 * 1024
REDIRECTS = frozenset({307, 308})
SERVE = Program("serve")


class Service:
    """A running service; start it with ``Project.serve``."""

    def __init__(self, world: World, role: str, load: Sequence[str]) -> None:
        self._world = world
        self._role = role
        self._load = load
        self._folder = contextlib.ExitStack()
        self._client: httpx.Client | None = None
        self.observation = Observation("ended")
        self._starts = 0
        made = tempfile.TemporaryDirectory(prefix="grader-http-")
        self._place = Path(self._folder.enter_context(made))

    def start(self) -> Observation:
        """Start the service; return how that went."""
        self._starts += 1
        with self._world.listening(self._place / str(self._starts)) as listening:
            self.observation = self._world.start(
                SERVE,
                "serve",
                {"role": self._role, **listening.arguments},
                descriptors=listening.descriptors,
                load=self._load,
            )
        self._client = httpx.Client(
            transport=Transport(listening.address),
            base_url="http://service",
            trust_env=False,
            headers={"Accept-Encoding": "identity"},
        )
        return self.observation

    def stop(self) -> str:
        """End the service's process; return the end of what it printed."""
        if self._client is not None:
            self._client.close()
            self._client = None
        _, output, _ = self._world.stop(self.observation.pid)
        return output

    def restart(self) -> Observation:
        """End the process, start another: only what was stored remains."""
        self.stop()
        return self.start()

    def close(self) -> None:
        """Forget the service; its world ends the process."""
        if self._client is not None:
            self._client.close()
        self._folder.close()

    def get(self, path: str, **options: Any) -> Answer:
        """Send a GET request."""
        return self.request("GET", path, **options)

    def post(self, path: str, json: Any = None, **options: Any) -> Answer:
        """Send a POST request with a JSON body."""
        return self.request("POST", path, json=json, **options)

    def delete(self, path: str, **options: Any) -> Answer:
        """Send a DELETE request."""
        return self.request("DELETE", path, **options)

    def request(
        self,
        method: str,
        path: str,
        *,
        json: Any = None,
        headers: Mapping[str, str] | None = None,
        shown: str = "",
    ) -> Answer:
        """Send one request; an answer with status 0 tells why there was none.

        Args:
            method: The HTTP method.
            path: The path, with drawn ids in it.
            json: The body, if any.
            headers: More headers.
            shown: How the path is written in messages; ids become ``{id}`` if empty.
        """
        name = f"{method} {shown or _shape(path)}"
        started = time.monotonic()
        if self._client is None:
            return Answer(name, 0, problem="the service is not running")
        try:
            for _ in range(2):
                answer = self._send(name, self._client, (method, path, json, headers))
                onward = answer.headers.get("location", "")
                if answer.status not in REDIRECTS or not onward:
                    break
                path = httpx.URL(onward).raw_path.decode("ascii", "replace")
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            told = f"{type(error).__name__}: {error}"[:200]
            return Answer(name, 0, problem=told, duration_s=time.monotonic() - started)
        return answer

    def together(self, requests: Sequence[tuple[str, str, Any]]) -> list[Answer]:
        """Send several requests at once; give the answers in the same order."""
        with ThreadPoolExecutor(len(requests)) as pool:
            sent = [
                pool.submit(self.request, method, path, json=body)
                for method, path, body in requests
            ]
            return [one.result() for one in sent]

    def _send(
        self,
        name: str,
        client: httpx.Client,
        request: tuple[str, str, Any, Mapping[str, str] | None],
    ) -> Answer:
        method, path, json, headers = request
        started = time.monotonic()
        with client.stream(
            method,
            path,
            json=json,
            headers=headers,
            timeout=until(started + PATIENCE_S),
        ) as response:
            body = b"".join(_bounded(response))
            return Answer(
                request=name,
                status=response.status_code,
                headers={key.lower(): value for key, value in response.headers.items()},
                body=body,
                duration_s=time.monotonic() - started,
            )


def _bounded(response: httpx.Response) -> Iterator[bytes]:
    """Yield the body as it comes, undecoded, up to a size."""
    size = 0
    for part in response.iter_raw():
        size += len(part)
        if size > ANSWER_LIMIT:
            raise httpx.ReadError(f"more than {ANSWER_LIMIT} bytes")
        yield part


def _shape(path: str) -> str:
    parts = path.partition("?")[0].split("/")
    return "/".join("{id}" if part.lstrip("-").isdigit() else part for part in parts)
