"""Run commands that tests need often.

The modules of a command take seconds to load. A server process loads them once, and each run is a fork of it. A run
still is a process with its own arguments, environment and exit code.
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
    """Run the `openstack` command. Return its exit code, its output and its error output."""
    return _run(_openstack, arguments)


def zonewright(arguments: list[str], environment: Mapping[str, str]) -> tuple[int, str, str]:
    """Run the `zonewright` command with added environment variables. Return the same as `openstack`."""
    return _run(_zonewright, arguments, environment)


def _run(main, arguments, *more, timeout=60):
    with tempfile.TemporaryDirectory() as folder:
        output, errors = Path(folder, "out"), Path(folder, "err")
        process = _FORKS.Process(target=_enter, args=(output, errors, main, arguments, *more))
        process.start()
        process.join(timeout)
        if process.exitcode is None:
            process.kill()
            raise TimeoutError(f"{' '.join(arguments)} is not over after {timeout} s")
        code = process.exitcode
        process.close()
        return code, output.read_text(), errors.read_text()


def _enter(output, errors, main, *arguments):
    for descriptor, path in ((1, output), (2, errors)):
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
