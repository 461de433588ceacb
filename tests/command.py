"""The `openstack` command, run often: its modules take two seconds to load, so that is done once, and a run is a fork.

A run is a process of its own all the same, from the command's entry point on: arguments, environment, exit code.
"""

import multiprocessing
import os
import sys
import tempfile
from pathlib import Path

_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["openstackclient.shell", "openstack.connection", "designateclient.v2.cli.zones"])


def run(arguments: list[str], patience: float = 60) -> tuple[int, str, str]:
    """One run: its exit code, what it printed, what it complained."""
    with tempfile.TemporaryDirectory() as folder:
        printed, complained = Path(folder, "out"), Path(folder, "err")
        process = _FORKS.Process(target=_main, args=(arguments, printed, complained))
        process.start()
        process.join(patience)
        if process.exitcode is None:
            process.kill()
            raise TimeoutError(f"openstack {' '.join(arguments)} is not over after {patience} s")
        code = process.exitcode
        process.close()
        return code, printed.read_text(), complained.read_text()


def _main(arguments: list[str], printed: Path, complained: Path) -> None:
    from openstackclient import shell

    for descriptor, path in ((1, printed), (2, complained)):
        opened = os.open(path, os.O_WRONLY | os.O_CREAT)
        os.dup2(opened, descriptor)
    for name in [name for name in os.environ if name.startswith("OS_")]:
        del os.environ[name]
    sys.argv = ["openstack", *arguments]
    sys.exit(shell.main(arguments))
