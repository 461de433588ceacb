"""Signed zones: `dnssec-signzone` of BIND signs master files with new keys."""

import functools
import re
import subprocess
import tempfile
from pathlib import Path
from typing import Self

from primaries import corpus
from primaries.server import program


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
        command = [program(tool) or tool, *arguments]
        ran = subprocess.run(command, cwd=self.directory, capture_output=True, text=True, check=False)
        if ran.returncode:
            raise RuntimeError(f"{tool} failed: {ran.stderr}")


_OPTIONS: dict[str, dict[str, bool]] = {
    "nsec.types.example.": {},
    "nsec3.types.example.": {"nsec3": True},
    "opt-out.types.example.": {"nsec3": True, "opt_out": True},
    "nsec.names.example.": {},  # a hash before its longest names would make them too long
    "nsec3.sets.example.": {"nsec3": True},
}
NAMES = tuple(_OPTIONS)
"""The names of the signed zones."""


@functools.cache
def zones() -> dict[str, str]:
    """Return signed zones, by zone name: the corpus as far as it can be signed."""
    made = {}
    for zone, options in _OPTIONS.items():
        with Signer(zone) as signer:
            made[zone] = signer.sign(_plain(zone), **options)
    return made


def _plain(zone: str) -> str:
    _, part, *_ = zone.split(".")
    if part == "names":
        return corpus.names(zone)
    text = corpus.zones()[f"{part}.example."]
    # a signed zone has keys of its own only at its apex
    return re.sub(r"^(dnskey|cds|cdnskey) ", "; ", text, flags=re.MULTILINE)


@functools.lru_cache(maxsize=4)
def signed(name: str, text: str, *, nsec3: bool = False) -> str:
    """Return the master file of a zone that new keys have signed, as `Signer.sign` does."""
    with Signer(name) as signer:
        return signer.sign(text, nsec3=nsec3)


def big_signed(records: int, name: str) -> str:
    """Return a zone like `corpus.big`, signed with NSEC, of about `records` RRs.

    Ten RRs of `corpus.big` have twelve signatures and five NSECs.
    """
    return signed(name, corpus.big(records * 10 // 27, 1, name))
