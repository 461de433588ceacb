"""Where the contents of a zone came from, which decides from whom increments may be taken (RFC 1995).

An increment leads from one serial of a primary to its next. Another primary may have other contents under the same
serials, and so may a primary that was restored. Its increments can fit our contents by chance, and would make a zone
that nobody has. So increments are asked only of the primary that the contents came from, and only until it is seen with
an older serial.

Record changes that the primary took are published here before a transfer brings them (`recordchange.py`). Then the
serial of the contents is no longer that of the source. Increments start from the transfer all the same, so that they
bring what others did meanwhile, and they fit the version that it made.

One text of a primary may name several servers. A host name may get another address, or have several. A server may have
several views of a zone, and choose one by the TSIG key. So increments come from the same address, under the same key.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Source:
    """The primary that the contents came from, as it is stored, and the serial that it had.

    `broken` says why its increments may not fit any more. It is None as long as they do. `address` is the one that was
    connected to. `signer` tells the TSIG key of that primary and its edition, and is empty without a key. Both are None
    if an older deployment stored the source. `version` is the number of the version that it left, if record changes
    followed, and else None.
    """

    primary: str
    serial: int
    broken: str | None = None
    address: str | None = None
    signer: str | None = None
    version: int | None = None

    def followed(self, version: int) -> "Source":
        """Return the source of contents that record changes follow, over `version`. The first version stays."""
        return self if self.version is not None else replace(self, version=version)

    def seen_older(self, serial: int) -> "Source":
        """Return the source after it was seen with an older serial. The first reason stays."""
        return self if self.broken else replace(self, broken=f"was seen with an older serial, {serial}")

    def asked_by(self, signer: str) -> "Source":
        """Return the source as it is for transfers that this TSIG key signs: another key may bring other contents."""
        if self.broken or self.signer in (None, signer):
            return self
        return replace(self, broken="is asked with another TSIG key than before")

    def among(self, primaries: Iterable[object]) -> "Source":
        """Return the source of a zone that has these primaries from now on."""
        if self.broken or self.primary in map(str, primaries):
            return self
        return replace(self, broken="was taken out of the masters")


def unfit(source: Source | None, primary: object, serial: int | None) -> str | None:
    """Return why increments from `primary` since `serial` may not fit the contents, or None if they do."""
    if source is None:
        return "it is not known from which primary the last contents came"
    if source.primary != str(primary):
        return f"the last contents came from {source.primary}"
    if source.broken:
        return f"{source.primary} {source.broken}"
    if source.address is None or source.signer is None:
        return f"it is not known which server of {source.primary} the last contents came from"
    if source.serial == serial or source.version is not None:
        return None
    return f"the contents are no longer those of {source.primary}"
