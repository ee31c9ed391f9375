"""Refuse the system calls that a movie service never makes and an attack might.

A seccomp filter for this process and all its children: no new namespaces or mounts, no
tracing, no kernel interfaces with a history of escapes. On a processor whose numbers
are not listed there is no filter; the namespaces hold without it.
"""

import ctypes
import errno
import os
import struct
from dataclasses import dataclass

from . import namespaces

PR_SET_SECCOMP = 22
SECCOMP_MODE_FILTER = 2
ALLOW = 0x7FFF0000
REFUSE = 0x00050000  # SECCOMP_RET_ERRNO, with the number in the low half
LOAD, JUMP_IF_EQUAL, JUMP_IF_ANY, JUMP_IF_ABOVE, RETURN = 0x20, 0x15, 0x45, 0x25, 0x06
# Offsets in struct seccomp_data.
NUMBER, ARCHITECTURE, FIRST_ARGUMENT, SECOND_ARGUMENT = 0, 4, 16, 24
HIGHEST = 0x3FFFFFFF  # above are the calls of the x32 interface
NEW_NAMESPACES = namespaces.EVERYTHING
CLONE3 = 435
# The same on every processor: open_tree, move_mount, fsopen, fsconfig, fsmount, fspick,
# pidfd_getfd, mount_setattr, io_uring_setup, io_uring_enter, io_uring_register.
COMMON = (428, 429, 430, 431, 432, 433, 438, 442, 425, 426, 427)


@dataclass(frozen=True)
class Numbers:
    """One processor's architecture tag, ``clone``, and the calls to refuse.

    In order: unshare setns mount umount2 pivot_root chroot ptrace process_vm_readv
    process_vm_writev bpf perf_event_open keyctl add_key request_key userfaultfd
    kexec_load init_module finit_module delete_module open_by_handle_at
    name_to_handle_at; what changes another process's standing, such as its warden's:
    setpriority ioprio_set sched_setparam sched_setaffinity sched_setattr; memory that
    no limit counts: memfd_create memfd_secret shmget msgget semget.

    ``prlimit`` is refused but for the process itself, ``sched_setscheduler`` but for
    the ordinary policy, which all have anyway: ZeroMQ sets it in each of its threads.
    """

    architecture: int
    clone: int
    prlimit: int
    scheduler: int
    refused: tuple[int, ...]


PROCESSORS = {
    "x86_64": Numbers(
        0xC000003E,
        56,
        302,
        144,
        (
            *(272, 308, 165, 166, 155, 161, 101, 310, 311, 321, 298),
            *(250, 248, 249, 323, 246, 175, 313, 176, 304, 303),
            *(141, 251, 142, 203, 314, 319, 447, 29, 68, 64),
        ),
    ),
    "aarch64": Numbers(
        0xC00000B7,
        220,
        261,
        119,
        (
            *(97, 268, 40, 39, 41, 51, 117, 270, 271, 280, 241),
            *(219, 217, 218, 282, 104, 105, 273, 106, 265, 264),
            *(140, 30, 118, 122, 274, 279, 447, 194, 186, 190),
        ),
    ),
}


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def refuse_dangerous_calls() -> bool:
    """Install the filter; say whether this processor has one."""
    numbers = PROCESSORS.get(os.uname().machine)
    if numbers is None:
        return False
    code = compile_filter(numbers)
    program = _Program(len(code) // 8, code)
    namespaces.prctl(namespaces.PR_SET_NO_NEW_PRIVS, 1)
    done = namespaces.library().prctl(
        PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0
    )
    return bool(done == 0)


def compile_filter(numbers: Numbers) -> bytes:
    """Write the filter as classic BPF instructions."""
    denied = REFUSE | errno.EPERM
    unknown = REFUSE | errno.ENOSYS  # glibc then falls back to clone
    steps = [
        _step(LOAD, ARCHITECTURE),
        _step(JUMP_IF_EQUAL, numbers.architecture, 1, 0),
        _step(RETURN, denied),
        _step(LOAD, NUMBER),
        _step(JUMP_IF_ABOVE, HIGHEST, 0, 1),
        _step(RETURN, denied),
        _step(JUMP_IF_EQUAL, CLONE3, 0, 1),
        _step(RETURN, unknown),
    ]
    for number in (*numbers.refused, *COMMON):
        steps += [_step(JUMP_IF_EQUAL, number, 0, 1), _step(RETURN, denied)]
    steps += [
        _step(JUMP_IF_EQUAL, numbers.prlimit, 0, 4),
        _step(LOAD, FIRST_ARGUMENT),
        _step(JUMP_IF_EQUAL, 0, 1, 0),
        _step(RETURN, denied),
        _step(RETURN, ALLOW),
        _step(JUMP_IF_EQUAL, numbers.scheduler, 0, 4),
        _step(LOAD, SECOND_ARGUMENT),
        _step(JUMP_IF_EQUAL, 0, 1, 0),
        _step(RETURN, denied),
        _step(RETURN, ALLOW),
        _step(JUMP_IF_EQUAL, numbers.clone, 0, 3),
        _step(LOAD, FIRST_ARGUMENT),
        _step(JUMP_IF_ANY, NEW_NAMESPACES, 0, 1),
        _step(RETURN, denied),
        _step(RETURN, ALLOW),
    ]
    return b"".join(steps)


def _step(operation: int, value: int, when: int = 0, otherwise: int = 0) -> bytes:
    return struct.pack("HBBI", operation, when, otherwise, value)
