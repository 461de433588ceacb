"""Programs we leave running: each has a pid file that says which process it is and how it was started."""

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
    """A program by name, listening on a port that the variable `setting` changes."""

    home: Home
    name: str
    port: int
    setting: str

    @property
    def log(self) -> Path:
        """What it prints."""
        return self.home.path / f"{self.name}.log"

    @property
    def _pid_file(self) -> Path:
        return self.home.path / f"{self.name}.pid"

    def start(self, command: Sequence[str], environment: Mapping[str, str]) -> bool:
        """Run it unless it runs already just so; says whether it was started. A port in use is Trouble."""
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
        """Return when `ready` says so; Trouble if the program ends first, or takes too long."""
        deadline = time.monotonic() + patience
        while not ready():
            if not self._running():
                raise Trouble(f"{self.name} ended at once; see {self.log}")
            if time.monotonic() > deadline:
                raise Trouble(f"{self.name} is not ready after {patience:.0f} s; see {self.log}")
            time.sleep(0.05)

    def stop(self, patience: float = 60) -> bool:
        """End it and wait for the end; says whether there was anything to end."""
        if not self._running():
            self._pid_file.unlink(missing_ok=True)
            return False
        pid = json.loads(self._pid_file.read_text())["pid"]
        os.kill(pid, signal.SIGTERM)
        deadline = time.monotonic() + patience
        while self._running():
            if time.monotonic() > deadline:
                print(f"{self.name} did not end in {patience:.0f} s: killed; what it had not saved is lost")
                os.kill(pid, signal.SIGKILL)
                break
            time.sleep(0.05)
        self._pid_file.unlink(missing_ok=True)
        return True

    def _running(self) -> list[str] | None:
        """The command it was started by, if that very process still runs."""
        try:
            known = json.loads(self._pid_file.read_text())
        except (OSError, ValueError):
            return None
        command: list[str] = known["command"]
        return command if _command_of(known["pid"]) == command else None


def _command_of(pid: int) -> list[str] | None:
    """The arguments of a live process; None for a dead one, a zombie, or somebody else's."""
    try:
        if os.waitpid(pid, os.WNOHANG) != (0, 0):
            return None
    except ChildProcessError:
        pass  # not our child: started by an earlier run
    if Path("/proc/self").exists():
        return _command_in_proc(Path(f"/proc/{pid}/cmdline"))
    shown = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return shown.stdout.split() or None


def _command_in_proc(cmdline: Path) -> list[str] | None:
    """The arguments as Linux shows them: nothing for a zombie, nor, for a blink, for a process just begun."""
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
