"""The configurations of docs/servers.md: each is accepted by the name server that it is for."""

import re
import subprocess
from pathlib import Path

import pytest
from primaries import Bind, Knot, Nsd, require
from primaries.server import program

DOCS = (Path(__file__).parents[2] / "docs" / "servers.md").read_text()
CHECKS = {
    "named": (Bind, lambda file: ["named-checkconf", file]),
    "knot": (Knot, lambda file: ["knotc", "-c", file, "conf-check"]),
    "nsd": (Nsd, lambda file: ["nsd-checkconf", file]),
}
BLOCKS = re.findall(r"^```(named|knot|nsd)\n(.*?)^```$", DOCS, re.MULTILINE | re.DOTALL)


def checked(kind, text, folder):
    """The exit code of the program that checks a configuration, and what it says."""
    server, command = CHECKS[kind]
    require(server)
    file = folder / "configuration"
    file.write_text(text)
    tool, *arguments = command(str(file))
    ran = subprocess.run([program(tool) or tool, *arguments], capture_output=True, text=True, check=False)
    return ran.returncode, ran.stdout + ran.stderr


@pytest.mark.primary
@pytest.mark.parametrize(("kind", "text"), BLOCKS)
def test_a_configuration_is_accepted(kind, text, tmp_path):
    code, said = checked(kind, text, tmp_path)

    assert code == 0, said


@pytest.mark.primary
@pytest.mark.parametrize("kind", CHECKS)
def test_a_wrong_configuration_is_not(kind, tmp_path):
    code, _ = checked(kind, "nothing of this kind", tmp_path)

    assert code != 0
