"""Staged objects, which the states of a running sync share. They are in S3 under `staging/{sync id}/{attempt}/`.

    batch/000003              messages of the transfer as they came, each after its length
    plan                      description of the transfer, and the cuts of the ranges
    run/000002/000003         sorted RR lines of range 2 in batch 3
    outside/000003            records of batch 3 outside the zone, if there are any
    range/000002              result of the merge of range 2

An attempt is one invocation of the transfer. So a retry after a crash never reads objects of the first attempt. Every
later state depends only on these objects, so a repeated state writes the same objects. A lifecycle rule deletes them.
The plan has the number of their format (`model/formats.py`).
"""

import gzip
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from typing import Any

from zonewright.contents.bucket import Bucket
from zonewright.contents.merge import Merged, Outside
from zonewright.model import formats
from zonewright.model.change import Counts
from zonewright.model.guards import UNGUARDED, Guards
from zonewright.model.source import Source
from zonewright.model.version import Chunk
from zonewright.protocol.transfer import Soa


@dataclass(frozen=True, slots=True)
class Plan:
    """Description of a transfer: zone name, primary, SOA, number of RRs, bytes, and AXFR or IXFR (`transfer`).

    `base` is the number of the version to compare with. `batches` is the number of staged batches, 0 for a small zone.
    `cuts` are the sort keys at which the ranges begin, except the first range. `note` goes into the history. `guards`
    limit the sync. `address` and `signer` are those of the source (`model/source.py`); a plan that an older deployment
    staged has none.
    """

    zone: str
    base: int
    primary: str
    soa: Soa
    records: int
    octets: int
    batches: int = 0
    cuts: tuple[str, ...] = ()
    transfer: str = "AXFR"
    note: str = ""
    guards: Guards = UNGUARDED
    address: str | None = None
    signer: str | None = None

    @property
    def source(self) -> Source:
        """Return where the contents come from."""
        return Source(self.primary, self.soa.serial, address=self.address, signer=self.signer)

    @property
    def ranges(self) -> int:
        """Return the number of ranges."""
        return len(self.cuts) + 1

    def bounds(self, number: int) -> tuple[str, str | None]:
        """Return the first sort key of a range, and the first sort key after it. It is None for the last range."""
        edges = ("", *self.cuts)
        return edges[number], edges[number + 1] if number + 1 < len(edges) else None


_FIELDS = {each.name for each in fields(Plan)}
"""Fields of a plan. A newer release may add some that need not be known."""


def prefix(sync_id: str, attempt: str) -> str:
    """Return the S3 prefix of the objects of an attempt of a sync."""
    return f"staging/{sync_id}/{attempt}/"


@dataclass(frozen=True, slots=True)
class Staging:
    """The staged objects of one attempt of a sync. A later state finds them by `prefix`."""

    bucket: Bucket
    prefix: str

    def write_batch(self, number: int, octets: bytes) -> None:
        """Store a batch of framed messages."""
        self.bucket.put(f"{self.prefix}batch/{number:06d}", octets)

    def read_batch(self, number: int) -> Iterator[bytes]:
        """Yield the messages of a batch."""
        octets = self.bucket.get(f"{self.prefix}batch/{number:06d}")
        at = 0
        while at < len(octets):
            end = at + 2 + (octets[at] << 8 | octets[at + 1])
            yield octets[at + 2 : end]
            at = end

    def write_plan(self, plan: Plan) -> None:
        """Store the plan, with the format of all objects of the attempt."""
        self._write("plan", json.dumps({"format": formats.STAGED} | asdict(plan)))

    def read_plan(self) -> Plan:
        """Return the plan. Raise ZoneBusy if a newer release has staged it in another format."""
        raw = json.loads(self._read("plan"))
        formats.check(raw, formats.STAGED, "a staged transfer")
        named = {name: value for name, value in raw.items() if name in _FIELDS}
        return Plan(**named | {"soa": Soa(**raw["soa"]), "cuts": tuple(raw["cuts"]), "guards": Guards(**raw["guards"])})

    def write_runs(self, batch: int, runs: dict[int, list[str]]) -> None:
        """Store the sorted RR lines of a batch, by number of the range."""
        self.bucket.put_all(
            (f"{self.prefix}run/{number:06d}/{batch:06d}", _packed("\n".join(lines))) for number, lines in runs.items()
        )

    def read_runs(self, number: int) -> list[str]:
        """Return all RR lines of a range, run after run. Each run is sorted."""
        keys = self.bucket.keys(f"{self.prefix}run/{number:06d}/")
        return [line for packed in self.bucket.get_all(keys) for line in _unpacked(packed).splitlines()]

    def write_outside(self, batch: int, outside: Outside) -> None:
        """Store the records of a batch that were dropped or kept as bytes. If there are none, nothing is stored."""
        if outside != Outside():
            self._write(f"outside/{batch:06d}", json.dumps(asdict(outside)))

    def read_outside(self) -> Outside:
        """Return the records of all batches that were dropped or kept as bytes."""
        found = map(json.loads, map(_unpacked, self.bucket.get_all(self.bucket.keys(f"{self.prefix}outside/"))))
        return sum(map(_outside, found), Outside())

    def write_merged(self, number: int, merged: Merged) -> None:
        """Store the result of the merge of a range."""
        self._write(f"range/{number:06d}", json.dumps(asdict(merged)))

    def read_merged(self, ranges: int) -> list[Merged]:
        """Return the results of all ranges, in order."""
        packed = self.bucket.get_all(f"{self.prefix}range/{number:06d}" for number in range(ranges))
        return [_merged(json.loads(_unpacked(each))) for each in packed]

    def _write(self, name: str, text: str) -> None:
        self.bucket.put(self.prefix + name, _packed(text))

    def _read(self, name: str) -> str:
        return _unpacked(self.bucket.get(self.prefix + name))


def _packed(text: str) -> bytes:
    return gzip.compress(text.encode("ascii"), 1, mtime=0)


def _unpacked(packed: bytes) -> str:
    return gzip.decompress(packed).decode("ascii")


def _outside(raw: dict[str, Any]) -> Outside:
    """Read what `write_outside` stored. Older batches lack the later fields."""
    named: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in raw.items()}
    return Outside(**named)


def _chunk(raw: dict[str, Any]) -> Chunk:
    deep = raw.get("deep")
    return Chunk(**{**raw, "deep": deep if deep is None else tuple(deep)})


def _merged(raw: dict[str, Any]) -> Merged:
    return Merged(
        chunks=tuple(map(_chunk, raw["chunks"])),
        counts=Counts(**raw["counts"]),
        differences=tuple(raw["differences"]),
        apex_types=tuple(raw["apex_types"]),
        mixed_ttls=raw["mixed_ttls"],
        cnames=raw.get("cnames", 0),
        cname_keys=tuple(raw.get("cname_keys", ())),
    )
