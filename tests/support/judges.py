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
    "pdnsutil": "pdns-server pdns-backend-bind",
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
    if command == "pdnsutil":
        return _judged_by_powerdns(path, zone, file)
    arguments = [each.format(zone=zone, file=file) for each in ARGUMENTS[command]]
    ran = subprocess.run([path, *arguments], capture_output=True, text=True, check=False)
    return ran.returncode, ran.stdout + ran.stderr


def _judged_by_powerdns(path: str, zone: str, file: Path) -> tuple[int, str]:
    """Let PowerDNS load the file by its backend `bind`, and return 1 if it has something against a record.

    That a delegation is not marked as one is said of every zone that this backend loads.
    """
    name = zone.removesuffix(".")
    (file.parent / "pdns.conf").write_text(f"launch=bind\nbind-config={file.parent}/named.conf\n")
    (file.parent / "named.conf").write_text(f'zone "{name}" {{ type master; file "{file}"; }};\n')
    command = [path, f"--config-dir={file.parent}", "check-zone", name]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    said = (ran.stdout + ran.stderr).splitlines()
    against = [line for line in said if line.startswith(("[Error]", "Error")) and "is auth=0" not in line]
    return bool(against), "\n".join(against)
