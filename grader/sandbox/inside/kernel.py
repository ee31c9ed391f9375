"""Fork a Jupyter kernel off a warm process, and answer questions inside it.

Imported only in a stage that was prepared for notebooks: it needs ipykernel and
jupyter_client, which a course without notebooks does not install.
"""

import asyncio
import json
import os
import signal
from typing import Any, NoReturn

from ipykernel.kernelapp import IPKernelApp
from IPython.core.interactiveshell import InteractiveShell
from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.provisioner_base import KernelProvisionerBase

from . import child

CHANNELS = ("shell_port", "iopub_port", "stdin_port", "hb_port", "control_port")
HIGHEST_DESCRIPTOR = 256
# A kernel of its own has no past to keep and nobody to ask.
OPTIONS = (
    *("--HistoryManager.enabled=False", "--Completer.use_jedi=False"),
    *("--IPKernelApp.capture_fd_output=False", "--log-level=CRITICAL"),
)


class ForkedKernel(KernelProvisionerBase):
    """Give a kernel by forking this process instead of starting a new Python."""

    pid = 0
    ended: int | None = None

    @property
    def has_process(self) -> bool:
        """Say whether there is a process at all."""
        return self.pid > 0

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Write where the kernel is to listen."""
        manager: Any = self.parent
        for number, channel in enumerate(CHANNELS, 1):
            setattr(manager, channel, number)
        manager.write_connection_file()
        self.connection_info = manager.get_connection_info()
        return {**kwargs, "cmd": [manager.connection_file]}

    async def launch_kernel(self, cmd: list[str], **_: Any) -> KernelConnectionInfo:
        """Fork; the child becomes the kernel and never returns."""
        self.pid = os.fork()
        if self.pid == 0:
            _become_kernel(cmd[0])
        return self.connection_info

    async def poll(self) -> int | None:
        """Return how the process ended, or None while it runs."""
        if self.ended is None:
            try:
                done, status = os.waitpid(self.pid, os.WNOHANG)
            except ChildProcessError:
                self.ended = -signal.SIGKILL
            else:
                self.ended = os.waitstatus_to_exitcode(status) if done else None
        return self.ended

    async def wait(self) -> int | None:
        """Return how the process ended; a world's end waits for nobody."""
        return await self.poll()

    async def send_signal(self, signum: int) -> None:
        """Send the kernel a signal."""
        if await self.poll() is None:
            os.kill(self.pid, signum)

    async def kill(self, restart: bool = False) -> None:
        """End the kernel."""
        await self.send_signal(signal.SIGKILL)

    async def terminate(self, restart: bool = False) -> None:
        """End the kernel."""
        await self.send_signal(signal.SIGKILL)

    async def cleanup(self, restart: bool = False) -> None:
        """Leave everything to the world, which ends anyway."""


class Manager(AsyncKernelManager):
    """Manage one forked kernel that listens on Unix sockets."""

    @property
    def kernel_spec(self) -> KernelSpec:
        """Return what a kernel is: none has to be installed."""
        return KernelSpec(language="python")

    @classmethod
    def at(cls, connection_file: str) -> "Manager":
        """Give a manager whose kernel will write this file, and sockets beside it."""
        sockets = connection_file.removesuffix(".json")
        manager = cls(transport="ipc", ip=sockets, connection_file=connection_file)
        manager.provisioner = ForkedKernel(parent=manager)
        return manager


def _become_kernel(connection_file: str) -> NoReturn:
    try:
        os.setsid()
        os.closerange(3, HIGHEST_DESCRIPTOR)  # the way to answer is not the kernel's
        asyncio.set_event_loop(asyncio.new_event_loop())  # not the parent's running one
        application: Any = IPKernelApp.instance()
        application.initialize(["-f", connection_file, *OPTIONS])
        application.start()
    finally:
        os._exit(1)


def answer(request: str) -> str:
    """Call a function of a probe's program with the notebook's names and arguments."""
    facts = json.loads(request)
    try:
        names = InteractiveShell.instance().user_ns
        function = child.run_program(facts["program"], "probes")[facts["function"]]
        return json.dumps({"value": function(names, **facts["arguments"])})
    except BaseException as error:  # noqa: BLE001 - whatever the notebook raises
        return json.dumps({"error": child.describe(error, facts["project"])})
