"""Programs of the name servers that judge a master file."""

import subprocess
from pathlib import Path

from primaries import missing, program

PACKAGES = {
    "named-checkzone": "bind9-utils",
    "named-compilezone": "bind9-utils",
    "nsd-checkzone": "nsd",
    "kzonecheck": "knot-dnssecutils",
    "dnssec-verify": "bind9-utils",
}
ARGUMENTS = {
    "named-checkzone": ("-i", "none", "-k", "ignore", "{zone}", "{file}"),
    "named-compilezone": ("-i", "none", "-k", "ignore", "-o", "{file}.compiled", "{zone}", "{file}"),
    "nsd-checkzone": ("{zone}", "{file}"),
    "kzonecheck": ("-o", "{zone}", "{file}"),
    "dnssec-verify": ("-o", "{zone}", "{file}"),
}


def judge(command: str, zone: str, file: Path) -> tuple[int, str]:
    """Return the exit code of a program that reads the master file of a zone, and what it printed.

    Skip the test if the program is not installed. With ZONEWRIGHT_REQUIRE_PRIMARIES=1, as in CI, fail it.
    """
    path = program(command) or missing(command, PACKAGES[command])
    arguments = [each.format(zone=zone, file=file) for each in ARGUMENTS[command]]
    ran = subprocess.run([path, *arguments], capture_output=True, text=True, check=False)
    return ran.returncode, ran.stdout + ran.stderr
