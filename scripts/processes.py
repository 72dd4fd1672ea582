"""Processes that end when the script does, and tools whose failure is told in one sentence."""

import contextlib
import ctypes
import os
import re
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from common import CACHE, MEGABYTE, Problem, disk_full_sentence, say

_libc = ctypes.CDLL(None, use_errno=True)
PR_SET_PDEATHSIG = 1


def die_with_parent(signal_number):
    """Ask the kernel to send this process a signal when its parent ends, also by kill -9."""
    _libc.prctl(PR_SET_PDEATHSIG, signal_number)


def start(command, death_signal=signal.SIGTERM, **kwargs):
    """A child in a session of its own (Ctrl-C reaches only this script), which ends when this script does."""
    parent = os.getpid()

    def tie_to_parent():
        die_with_parent(death_signal)
        if os.getppid() != parent:  # it ended before the line above
            os._exit(1)

    kwargs.setdefault("stdin", subprocess.DEVNULL)
    return subprocess.Popen(
        [str(part) for part in command],
        start_new_session=True,
        preexec_fn=tie_to_parent,  # noqa: PLW1509  no threads here when a child is started
        **kwargs,
    )


def run(command, remedy, progress=None, **kwargs):
    """Run a tool to its end; on failure its last words and the remedy make the sentence.

    `progress` returns how far it is, or nothing; it is asked every three seconds.
    """
    with tempfile.TemporaryFile("w+", errors="replace") as output:
        try:
            process = start(command, stdout=output, stderr=subprocess.STDOUT, **kwargs)
        except FileNotFoundError as error:
            raise Problem(f"{command[0]} is not on this machine; {remedy}") from error
        told = None
        try:
            while process.poll() is None:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(3)
                how_far = progress() if progress else None
                if how_far and how_far != told and process.returncode is None:
                    say(f"   {how_far}")
                told = how_far or told
        finally:
            end_group(process)
        output.seek(0)
        said = output.read()
    if process.returncode:
        if shutil.disk_usage(CACHE).free < 20 * MEGABYTE:
            raise Problem(disk_full_sentence())
        words = [line.strip() for line in said.splitlines() if line.strip()]
        telling = [line for line in words if re.search(r"error|fail|^E:|cannot|not", line, re.I)]
        last = (telling or words or ["it said nothing"])[-1][:300]
        raise Problem(f"{tool_name(command)} failed ({last}); {remedy}")
    return said


def stop(process, seconds):
    """Ask it to end, as Ctrl-C does; one that does not, or a second Ctrl-C, ends it at once."""
    process.send_signal(signal.SIGINT)
    try:
        process.wait(seconds)
    except BaseException:  # noqa: BLE001
        process.kill()
        process.wait()


def end_group(process):
    """The child and what it started, if it is still there (Ctrl-C does not reach it)."""
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def tool_name(command):
    words = [Path(str(word)).name for word in command if "=" not in str(word) and str(word) != "env"]
    return " ".join(words[:3] if words[0].startswith("python") else words[:1])


def folder_size(folder, total):
    """For `progress`: how much a folder holds by now."""

    def how_far():
        size = 0
        for place, _folders, files in os.walk(folder):
            for name in files:
                with contextlib.suppress(FileNotFoundError):
                    size += os.lstat(os.path.join(place, name)).st_size
        return f"{min(size // MEGABYTE, total)} of {total} MB"

    return how_far


def die_with_make():
    """Stop cleanly on whatever ends us: Ctrl-C, a kill, a terminal that closes, the end of `make`."""

    def interrupt(*_arguments):
        raise KeyboardInterrupt

    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, interrupt)
    if os.environ.get("MAKELEVEL"):
        die_with_parent(signal.SIGTERM)
