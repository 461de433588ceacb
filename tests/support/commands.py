"""Commands that are run often: their modules take seconds to load, so that is done once, and a run is a fork.

A run is a process of its own all the same, from the command's entry point on: arguments, environment, exit code.
"""

import multiprocessing
import os
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(
    ["openstackclient.shell", "openstack.connection", "designateclient.v2.cli.zones", "zonewright.command"]
)


def openstack(arguments: list[str]) -> tuple[int, str, str]:
    """One run of the `openstack` command: its exit code, what it printed, what it complained."""
    return _run(_openstack, arguments)


def zonewright(arguments: list[str], environment: Mapping[str, str]) -> tuple[int, str, str]:
    """One run of the `zonewright` command, `environment` over ours."""
    return _run(_zonewright, arguments, environment)


def _run(main, arguments, *more, patience=60):
    with tempfile.TemporaryDirectory() as folder:
        printed, complained = Path(folder, "out"), Path(folder, "err")
        process = _FORKS.Process(target=_enter, args=(printed, complained, main, arguments, *more))
        process.start()
        process.join(patience)
        if process.exitcode is None:
            process.kill()
            raise TimeoutError(f"{' '.join(arguments)} is not over after {patience} s")
        code = process.exitcode
        process.close()
        return code, printed.read_text(), complained.read_text()


def _enter(printed, complained, main, *arguments):
    for descriptor, path in ((1, printed), (2, complained)):
        opened = os.open(path, os.O_WRONLY | os.O_CREAT)
        os.dup2(opened, descriptor)
    main(*arguments)


def _openstack(arguments):
    from openstackclient import shell

    for name in [name for name in os.environ if name.startswith("OS_")]:
        del os.environ[name]
    sys.argv = ["openstack", *arguments]
    sys.exit(shell.main(arguments))


def _zonewright(arguments, environment):
    from zonewright import command

    os.environ |= environment
    sys.exit(command.main(arguments))
