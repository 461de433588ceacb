"""Ansible, with the modules of the collection openstack.cloud."""

import json
import os
import subprocess
import sys
from pathlib import Path

COLLECTION = "openstack.cloud"
PREPARED = """
import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import openstack.version
"""
"""Imports what openstacksdk 4 does not import by itself, and release 2.5 of the collection needs."""


class Ansible:
    """`ansible-playbook` on this machine. A play and what it needs are written to `folder`.

    `cloud` is the parameter of that name of every task: what openstacksdk logs in with.
    """

    def __init__(self, cloud: dict[str, object], folder: Path) -> None:
        self._folder = folder
        self._cloud = cloud

    def play(self, *tasks: tuple[str, dict[str, object]]) -> list[dict]:
        """Run tasks of the collection one after the other: a module and its parameters. Return their results.

        Raise RuntimeError with the whole output if one fails.
        """
        settings = {"cloud": self._cloud}
        play = {
            "hosts": "localhost",
            "gather_facts": False,
            "tasks": [{f"{COLLECTION}.{module}": {**settings, **parameters}} for module, parameters in tasks],
        }
        (self._folder / "play.json").write_text(json.dumps([play]))
        (self._folder / "sitecustomize.py").write_text(PREPARED)
        where = {
            "PATH": os.environ["PATH"],
            "HOME": str(self._folder),
            "LANG": "C.UTF-8",
            "PYTHONPATH": str(self._folder),
            "ANSIBLE_STDOUT_CALLBACK": "ansible.posix.json",
            "ANSIBLE_PIPELINING": "1",
            "ANSIBLE_PYTHON_INTERPRETER": sys.executable,
        }
        command = [Path(sys.executable).with_name("ansible-playbook"), "--inventory", "localhost,"]
        command += ["--connection", "local", self._folder / "play.json"]
        ran = subprocess.run(command, env=where, capture_output=True, text=True, timeout=300, check=False)
        if ran.returncode:
            raise RuntimeError(ran.stdout + ran.stderr)
        return [task["hosts"]["localhost"] for task in json.loads(ran.stdout)["plays"][0]["tasks"]]
