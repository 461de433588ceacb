"""Notes of an RRset: what its writer said of it that DNS does not carry."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from zonewright import clock
from zonewright.protocol import rdata


@dataclass(frozen=True, slots=True)
class Written:
    """How a writer wrote the records of an RRset: their texts, and their order.

    `texts` has the texts that differ from the presentation form, by `mark` of their rdata. `order` has the marks of all
    rdatas as they were written, or nothing if that is canonical order. So a text is shown as long as its rdata is
    there, whoever changes the others.

    `fields` is the same for a writer who wrote records by their fields (`fields.py`): the fields that differ from what
    `fields.values` reads.
    """

    texts: Mapping[str, str] = field(default_factory=dict)
    order: tuple[str, ...] = ()
    fields: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @classmethod
    def of(cls, rdtype: int, texts: Mapping[bytes, str]) -> "Written":
        """Return what to keep of the texts of rdatas, which are in the order of their writer."""
        differing = {mark(octets): text for octets, text in texts.items() if text != rdata.text(rdtype, octets)}
        return cls(differing, () if list(texts) == sorted(texts) else tuple(map(mark, texts)))

    @staticmethod
    def is_in(notes_text: str) -> bool:
        """Return whether stored notes may keep a text or an order."""
        return '"written"' in notes_text or '"order"' in notes_text

    def shown(self, rdatas: Sequence[bytes], texts: Sequence[str]) -> list[str]:
        """Return the texts of rdatas, some of them as written and in the order they were written in.

        Rdatas that others added follow in the order of `rdatas`.
        """
        found = dict(zip(rdatas, texts, strict=True))
        return [self.texts.get(mark(octets), found[octets]) for octets in self.ordered(rdatas)]

    def ordered(self, rdatas: Sequence[bytes]) -> list[bytes]:
        """Return rdatas in the order they were written in. Those that others added follow in their order."""
        places = {known: place for place, known in enumerate(self.order)}
        return sorted(rdatas, key=lambda octets: places.get(mark(octets), len(places))) if places else list(rdatas)


@dataclass(frozen=True, slots=True)
class Notes:
    """A user's description of an RRset, its times, and how its records were written.

    `version` counts the stored forms of the RRset, from 1. `owner` is the id of VinylDNS's owner group, `account` a
    name that its callers may give. `transfer` is the status of a transfer to another owner, and the id of the group
    that was asked for (`model/ownership.py`).
    """

    description: str | None = None
    created: datetime | None = None
    updated: datetime | None = None
    version: int = 1
    written: Written = field(default_factory=Written)
    owner: str | None = None
    account: str | None = None
    transfer: tuple[str, str | None] | None = None

    def rewritten(self, description: str | None, written: Written, at: datetime) -> "Notes":
        """Return the notes after a write of the RRset, which stays whose it is."""
        return replace(self, description=description, written=written, updated=at, version=self.version + 1)

    @classmethod
    def parse(cls, text: str | None) -> "Notes":
        """Return the notes that a line has as `text`. Without text, return empty notes."""
        if not text:
            return cls()
        fields = json.loads(text)
        for moment in ("created", "updated"):
            if moment in fields:
                fields[moment] = clock.from_text(fields[moment])
        if "transfer" in fields:
            status, *asked = fields["transfer"]
            fields["transfer"] = status, asked[0] if asked else None
        written = Written(fields.pop("written", {}), tuple(fields.pop("order", ())), fields.pop("fields", {}))
        return cls(**fields, written=written)

    def __str__(self) -> str:
        """Return the stored form: JSON in ASCII, without the fields that have their defaults."""
        fields = {
            "description": self.description,
            "created": clock.to_text(self.created) if self.created else None,
            "updated": clock.to_text(self.updated) if self.updated else None,
            "version": self.version if self.version > 1 else None,
            "written": self.written.texts or None,
            "order": self.written.order or None,
            "fields": self.written.fields or None,
            "owner": self.owner,
            "account": self.account,
            "transfer": list(filter(None, self.transfer)) if self.transfer else None,
        }
        return json.dumps({name: value for name, value in fields.items() if value is not None}, separators=(",", ":"))


def mark(octets: bytes) -> str:
    """Return the text by which notes know an rdata of an RRset."""
    return hashlib.sha256(octets).hexdigest()[:16]
