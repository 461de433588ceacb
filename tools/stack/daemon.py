"""Programs in the background. Each has a pid file with its process id and its command."""

import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from stack.home import Home, Trouble


@dataclass(frozen=True, slots=True)
class Daemon:
    """A program in the background, on a port that the variable `setting` sets."""

    home: Home
    name: str
    port: int
    setting: str

    @property
    def log(self) -> Path:
        """Return the path of the file with its output."""
        return self.home.path / f"{self.name}.log"

    @property
    def _pid_file(self) -> Path:
        return self.home.path / f"{self.name}.pid"

    def start(self, command: Sequence[str], environment: Mapping[str, str]) -> bool:
        """Start the program, unless it runs with the same command. Return whether it was started.

        A program with another command is stopped first. Raise Trouble if the port is in use.
        """
        running = self._running()
        if running == list(command):
            return False
        if running:
            self.stop()
        if _in_use(self.port):
            raise Trouble(
                f"port {self.port} is in use by another program; set {self.setting} to a free one, or stop that program"
            )
        with self.log.open("a") as log:
            process = subprocess.Popen(
                command,
                env=dict(environment),
                cwd=self.home.path,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._pid_file.write_text(json.dumps({"pid": process.pid, "command": list(command)}))
        return True

    def wait(self, ready: Callable[[], bool], patience: float = 60) -> None:
        """Wait until `ready` returns True. Raise Trouble if the program ends, or after `patience` seconds."""
        deadline = time.monotonic() + patience
        while not ready():
            if not self._running():
                raise Trouble(f"{self.name} ended at once; see {self.log}")
            if time.monotonic() > deadline:
                raise Trouble(f"{self.name} is not ready after {patience:.0f} s; see {self.log}")
            time.sleep(0.05)

    def stop(self, patience: float = 60) -> bool:
        """Stop the program and wait for its end. Return whether it ran. Kill it after `patience` seconds."""
        if not self._running():
            self._pid_file.unlink(missing_ok=True)
            return False
        pid = json.loads(self._pid_file.read_text())["pid"]
        os.kill(pid, signal.SIGTERM)
        deadline = time.monotonic() + patience
        while self._running():
            if time.monotonic() > deadline:
                print(f"{self.name} did not end within {patience:.0f} s and was killed; unsaved state is lost")
                os.kill(pid, signal.SIGKILL)
                break
            time.sleep(0.05)
        self._pid_file.unlink(missing_ok=True)
        return True

    def _running(self) -> list[str] | None:
        """Return the command of the program if its process still runs, or None."""
        try:
            known = json.loads(self._pid_file.read_text())
        except (OSError, ValueError):
            return None
        command: list[str] = known["command"]
        return command if _command_of(known["pid"]) == command else None


def _command_of(pid: int) -> list[str] | None:
    """Return the arguments of a live process, or None for a dead process or a zombie."""
    try:
        if os.waitpid(pid, os.WNOHANG) != (0, 0):
            return None
    except ChildProcessError:
        pass  # not a child of this process: an earlier run started it
    if Path("/proc/self").exists():
        return _command_in_proc(Path(f"/proc/{pid}/cmdline"))
    shown = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return shown.stdout.split() or None


def _command_in_proc(cmdline: Path) -> list[str] | None:
    """Return the arguments from Linux's /proc, or None. A zombie has none, and a new process has none for a moment."""
    for _ in range(20):
        try:
            text = cmdline.read_bytes().decode(errors="surrogateescape")
        except (FileNotFoundError, ProcessLookupError):
            return None
        if text:
            return text.split("\0")[:-1]
        time.sleep(0.01)
    return None


def _in_use(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False
