"""Put this process into Linux namespaces of its own and give up every privilege.

The calls go through ``ctypes`` because Python 3.11 has no ``os.unshare``, and because
the chosen environment may have nothing but the standard library. The constants are
those of ``<linux/sched.h>``, ``<sys/mount.h>``, ``<linux/prctl.h>`` and
``<linux/capability.h>``.
"""

import ctypes
import functools
import os
import re
from pathlib import Path

CLONE_NEWNS = 0x00020000
CLONE_NEWCGROUP = 0x02000000
CLONE_NEWUTS = 0x04000000
CLONE_NEWIPC = 0x08000000
CLONE_NEWUSER = 0x10000000
CLONE_NEWPID = 0x20000000
CLONE_NEWNET = 0x40000000
EVERYTHING = (
    CLONE_NEWUSER
    | CLONE_NEWNS
    | CLONE_NEWPID
    | CLONE_NEWNET
    | CLONE_NEWIPC
    | CLONE_NEWUTS
    | CLONE_NEWCGROUP
)

MS_RDONLY = 0x1
MS_NOSUID = 0x2
MS_NODEV = 0x4
MS_BIND = 0x1000
MS_REC = 0x4000
MS_PRIVATE = 0x40000

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_CAPBSET_DROP = 24
PR_SET_CHILD_SUBREAPER = 36
PR_SET_NO_NEW_PRIVS = 38
CAPABILITY_VERSION_3 = 0x20080522
LAST_CAPABILITY = 63
OCTAL = re.compile(r"\\([0-7]{3})")  # a space in a path is \040


@functools.cache
def library() -> ctypes.CDLL:
    """Open the C library that this process runs on."""
    return ctypes.CDLL(None, use_errno=True)


def _succeed(result: int, what: str) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def prctl(option: int, value: int) -> bool:
    """Set one attribute of this process; say whether the kernel did."""
    return bool(library().prctl(option, value, 0, 0, 0) == 0)


def unshare_everything() -> None:
    """Enter new namespaces of all kinds, keeping the same user and group ids."""
    user, group = os.getuid(), os.getgid()
    _succeed(library().unshare(EVERYTHING), "unshare")
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
    Path("/proc/self/gid_map").write_text(f"{group} {group} 1")


def mount(source: str, target: str, kind: str, flags: int, options: str = "") -> None:
    """Attach a filesystem, as the system call of this name does."""
    _succeed(
        library().mount(
            os.fsencode(source),
            os.fsencode(target),
            kind.encode(),
            flags,
            options.encode(),
        ),
        f"mount {target}",
    )


def furnish(world: str, *, size: int, files: int) -> None:
    """Give this mount namespace a bounded scratch and hide what others can see.

    Args:
        world: The folder that becomes the scratch.
        size: The most bytes that the scratch may hold.
        files: The most files that the scratch may hold.
    """
    hidden = MS_NOSUID | MS_NODEV
    mount("none", "/", "", MS_REC | MS_PRIVATE)
    mount("tmpfs", world, "tmpfs", hidden, f"size={size},nr_inodes={files},mode=700")
    shared = str(Path(world, "tmp"))
    Path(shared).mkdir()
    for place in ("/tmp", "/dev/shm"):  # noqa: S108 - mount points, not files
        if Path(place).is_dir():
            _cover(place, shared)
    mount("tmpfs", "/proc", "tmpfs", hidden | MS_RDONLY, "size=0,mode=555")


def _cover(place: str, scratch: str) -> None:
    """Put the scratch over a folder, and what is mounted below it back on top.

    The chosen Python may lie there: in a clone that somebody made in /tmp, say. Each
    first folder on the way to it gets a filesystem of its own, since emptying the
    scratch cannot move or remove a mount point.
    """
    points = _mounted_below(place)
    opened = [os.open(point, os.O_PATH | os.O_DIRECTORY) for point in points]
    mount(scratch, place, "", MS_BIND)
    below = {point.removeprefix(f"{place}/").partition("/")[0] for point in points}
    for first in (f"{place}/{name}" for name in sorted(below)):
        Path(first).mkdir()
        if first not in points:
            mount("tmpfs", first, "tmpfs", MS_NOSUID | MS_NODEV, "size=64k,mode=755")
    for point, descriptor in zip(points, opened, strict=True):
        Path(point).mkdir(parents=True, exist_ok=True)
        mount(f"/proc/self/fd/{descriptor}", point, "", MS_BIND | MS_REC)
        os.close(descriptor)


def _mounted_below(place: str) -> list[str]:
    """List the mount points below a folder, as the kernel spells them."""
    lines = os.fsdecode(Path("/proc/self/mountinfo").read_bytes()).splitlines()
    points = (OCTAL.sub(_character, line.split()[4]) for line in lines)
    return [point for point in points if point.startswith(f"{place}/")]


def _character(escape: re.Match[str]) -> str:
    return chr(int(escape[1], 8))


class _CapabilityHeader(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _CapabilityData(ctypes.Structure):
    _fields_ = (
        ("effective", ctypes.c_uint32),
        ("permitted", ctypes.c_uint32),
        ("inheritable", ctypes.c_uint32),
    )


def give_up_privileges() -> None:
    """Drop every capability for good and refuse to be traced by a child."""
    for capability in range(LAST_CAPABILITY + 1):
        prctl(PR_CAPBSET_DROP, capability)  # fails above the kernel's last one
    header = _CapabilityHeader(CAPABILITY_VERSION_3, 0)
    nothing = (_CapabilityData * 2)()
    _succeed(
        library().capset(ctypes.byref(header), ctypes.byref(nothing)), "give up rights"
    )
    prctl(PR_SET_NO_NEW_PRIVS, 1)
    prctl(PR_SET_DUMPABLE, 0)
