"""Find and kill the processes that run the functions of this stack."""

import os
import re
import signal
import threading
import time
from contextlib import suppress
from pathlib import Path

from stack.home import Home

_PROC = Path("/proc")


class Workers:
    """The processes of one stack. MiniStack keeps one for each function, and more for concurrent calls."""

    def __init__(self):
        folder = re.escape(str(Home.from_environment(os.environ).path / "tmp"))
        self._named = re.compile(rf"{folder}/ministack-lambda-zonewright-([A-Za-z]+)-")
        self._known = {}  # pid to function; "" for other processes
        self._looking = threading.Lock()
        self.peace = threading.Lock()

    def at_work(self, *functions):
        """Return the pids of the functions' processes that are busy."""
        return [pid for pid in self._of(functions) if _busy(pid)]

    def _of(self, functions):
        with self._looking:
            running = {int(entry.name) for entry in _PROC.iterdir() if entry.name.isdigit()}
            self._known = {pid: function for pid, function in self._known.items() if pid in running}
            for pid in running - self._known.keys():
                command = _read(pid, "cmdline")
                if "emulator.py" not in command:  # a process that is still starting becomes another program
                    found = self._named.search(command)
                    self._known[pid] = found[1] if found else ""
            return sorted(pid for pid, function in self._known.items() if function in functions)

    def kill(self, *functions, seconds, delay=0.0, stop=lambda: False):
        """Kill the first busy process, if it is still busy `delay` seconds later. Return whether one was killed.

        The search ends after `seconds`, or when `stop` returns True. While another thread holds `peace`, it kills none.
        """
        until = time.monotonic() + seconds
        while time.monotonic() < until and not stop():
            for pid in self.at_work(*functions):
                time.sleep(delay)
                with self.peace, suppress(ProcessLookupError):
                    if _busy(pid):
                        os.kill(pid, signal.SIGKILL)
                        return True
            time.sleep(0.002)
        return False


def _busy(pid):
    """Return whether a process is busy. An idle one waits for its next invocation, which comes through a pipe."""
    state = _read(pid, "stat").rpartition(") ")[2][:1]
    return state == "R" or (state in {"S", "D"} and "pipe" not in (where := _read(pid, "wchan")) and where != "0")


def _read(pid, name):
    """Return a file of /proc about a process. Return empty text if the process has ended or cannot be read."""
    try:
        return (_PROC / str(pid) / name).read_bytes().decode(errors="replace")
    except OSError:
        return ""
