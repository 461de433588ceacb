"""What a running sync hands from state to state, under `staging/{sync id}/{attempt}/`; a lifecycle rule removes it.

    batch/000003              messages of the transfer as they came, each behind its length
    plan                      what the transfer found, and where the ranges are cut
    run/000002/000003         RR lines of range 2 out of batch 3, sorted
    outside/000003            what of batch 3 is not the zone's, where there is something
    range/000002              what the merge of range 2 made

An attempt is one invocation of the transfer: a retry after a crash never mixes with what the first one left.
Every later state is a function of these objects, so doing it again writes the same objects again.
"""

import gzip
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from zonewright.contents.bucket import Bucket
from zonewright.contents.merge import Merged, Outside
from zonewright.model.change import Counts
from zonewright.model.guards import UNGUARDED, Guards
from zonewright.model.version import Chunk
from zonewright.protocol.transfer import Soa


@dataclass(frozen=True, slots=True)
class Plan:
    """What a transfer found: zone name, primary, SOA, RRs and octets; `base` the version it is compared with.

    `batches` are how many it staged, none of a small zone; `cuts` the keys at which the ranges after the first begin.
    `transfer` is how the contents came, AXFR or IXFR, `note` what a reader of the history should know of that. `guards`
    are what the sync may not do.
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

    @property
    def ranges(self) -> int:
        """How many ranges there are."""
        return len(self.cuts) + 1

    def bounds(self, number: int) -> tuple[str, str | None]:
        """First key of a range, and the first key after it (None for the last)."""
        edges = ("", *self.cuts)
        return edges[number], edges[number + 1] if number + 1 < len(edges) else None


def prefix(sync_id: str, attempt: str) -> str:
    """Where an attempt of a sync stages its objects."""
    return f"staging/{sync_id}/{attempt}/"


@dataclass(frozen=True, slots=True)
class Staging:
    """The staged objects of one attempt of one sync; `prefix` is all a later state needs to know."""

    bucket: Bucket
    prefix: str

    def write_batch(self, number: int, octets: bytes) -> None:
        """Store framed messages."""
        self.bucket.put(f"{self.prefix}batch/{number:06d}", octets)

    def read_batch(self, number: int) -> Iterator[bytes]:
        """The messages of a batch."""
        octets = self.bucket.get(f"{self.prefix}batch/{number:06d}")
        at = 0
        while at < len(octets):
            end = at + 2 + (octets[at] << 8 | octets[at + 1])
            yield octets[at + 2 : end]
            at = end

    def write_plan(self, plan: Plan) -> None:
        """Store the plan."""
        self._write("plan", json.dumps(asdict(plan)))

    def read_plan(self) -> Plan:
        """Read it back."""
        raw = json.loads(self._read("plan"))
        return Plan(**raw | {"soa": Soa(**raw["soa"]), "cuts": tuple(raw["cuts"]), "guards": Guards(**raw["guards"])})

    def write_runs(self, batch: int, runs: dict[int, list[str]]) -> None:
        """Store the sorted RR lines of a batch, range by range."""
        self.bucket.put_all(
            (f"{self.prefix}run/{number:06d}/{batch:06d}", _packed("\n".join(lines))) for number, lines in runs.items()
        )

    def read_runs(self, number: int) -> list[str]:
        """All RR lines of a range, run after run, each run sorted."""
        keys = self.bucket.keys(f"{self.prefix}run/{number:06d}/")
        return [line for packed in self.bucket.get_all(keys) for line in _unpacked(packed).splitlines()]

    def write_outside(self, batch: int, outside: Outside) -> None:
        """Store what was left out of a batch; nothing where that is nothing, for so it is with most."""
        if outside.count:
            self._write(f"outside/{batch:06d}", json.dumps(asdict(outside)))

    def read_outside(self) -> Outside:
        """What was left out of all batches."""
        found = map(json.loads, map(_unpacked, self.bucket.get_all(self.bucket.keys(f"{self.prefix}outside/"))))
        return sum((Outside(each["count"], tuple(each["names"])) for each in found), Outside())

    def write_merged(self, number: int, merged: Merged) -> None:
        """Store what the merge of a range made."""
        self._write(f"range/{number:06d}", json.dumps(asdict(merged)))

    def read_merged(self, ranges: int) -> list[Merged]:
        """What every range made, in order."""
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


def _merged(raw: dict[str, object]) -> Merged:
    return Merged(
        chunks=tuple(Chunk(**chunk) for chunk in raw["chunks"]),  # type: ignore[attr-defined]
        counts=Counts(**raw["counts"]),  # type: ignore[arg-type]
        differences=tuple(raw["differences"]),  # type: ignore[arg-type]
        apex_types=tuple(raw["apex_types"]),  # type: ignore[arg-type]
        mixed_ttls=raw["mixed_ttls"],  # type: ignore[arg-type]
    )
