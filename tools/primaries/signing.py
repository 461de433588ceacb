"""Signed zones: `dnssec-signzone` of BIND signs master files with new keys."""

import functools
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Self

_PATH = os.environ.get("PATH", "") + ":/usr/local/sbin:/usr/sbin:/sbin"
PACKAGE = "bind9-utils"
TOOLS = ("dnssec-keygen", "dnssec-signzone")


def available() -> bool:
    """Return whether the programs are installed."""
    return all(shutil.which(tool, path=_PATH) for tool in TOOLS)


class Signer:
    """The keys of one zone, in a directory of their own. A context manager."""

    def __init__(self, zone: str) -> None:
        self.zone = zone

    def __enter__(self) -> Self:
        self._directory = tempfile.TemporaryDirectory(prefix="keys-")
        self.directory = Path(self._directory.name)
        for flags in (["-f", "KSK"], []):
            self._run("dnssec-keygen", "-q", "-a", "ECDSAP256SHA256", *flags, "-K", str(self.directory), self.zone)
        return self

    def __exit__(self, *_: object) -> None:
        self._directory.cleanup()

    def sign(self, text: str, *, nsec3: bool = False, opt_out: bool = False, age: int = 3600) -> str:
        """Return a signed master file with one line a record. The denials are NSEC or NSEC3.

        The signatures began `age` seconds ago. A zone that is signed again has new signatures in every RRset.
        """
        plain, signed = self.directory / "plain", self.directory / "signed"
        plain.write_text(text)
        denials = ["-3", "-", "-H", "0"] if nsec3 else []
        denials += ["-A"] if opt_out else []
        places = ["-O", "full", "-K", str(self.directory), "-o", self.zone, "-f", str(signed)]
        # -S takes the keys of the directory, -x keeps the ZSK away from the DNSKEYs, -P signs what would not verify
        self._run("dnssec-signzone", "-S", "-x", "-P", "-s", f"now-{age}", *denials, *places, str(plain))
        return signed.read_text()

    def _run(self, tool: str, *arguments: str) -> None:
        command = [shutil.which(tool, path=_PATH) or tool, *arguments]
        ran = subprocess.run(command, cwd=self.directory, capture_output=True, text=True, check=False)
        if ran.returncode:
            raise RuntimeError(f"{tool} failed: {ran.stderr}")


@functools.lru_cache(maxsize=4)
def signed(name: str, text: str, *, nsec3: bool = False) -> str:
    """Return the master file of a zone that new keys have signed, as `Signer.sign` does."""
    with Signer(name) as signer:
        return signer.sign(text, nsec3=nsec3)
