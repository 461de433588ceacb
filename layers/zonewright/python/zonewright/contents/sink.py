"""Sinks: where a change puts the chunks of a version, and what moved."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from zonewright.contents import chunks, differences
from zonewright.contents.bucket import Bucket
from zonewright.model import ranges
from zonewright.model.diff import Difference
from zonewright.model.ranges import Piece
from zonewright.model.settings import Settings
from zonewright.model.version import Chunk


@dataclass(frozen=True, slots=True)
class Sink:
    """The place for the contents that the change `change_id` gives a zone, in chunks of about `chunk_bytes` bytes."""

    bucket: Bucket
    zone_id: str
    change_id: str
    chunk_bytes: int

    keeps_first_load: ClassVar[bool] = False
    """Whether a first load stores its differences, although its version would list the same."""

    @classmethod
    def of(cls, bucket: Bucket, settings: Settings, zone_id: str, change_id: str, records: int) -> "Sink":
        """Return a sink for a zone of about `records` records, which set the size of its chunks."""
        return cls(bucket, zone_id, change_id, ranges.chunk_bytes(settings.chunk_bytes, records))

    def chunks(self, pieces: Sequence[Piece], base: Sequence[Chunk]) -> tuple[Chunk, ...]:
        """Return the chunks of neighbouring pieces. Store those that `base` does not have."""
        return chunks.store(self.bucket, self.zone_id, self.change_id, self._arranged(pieces), base)

    def difference(self, part: int, difference: Difference) -> str:
        """Store one part of what moved. Return its key."""
        return differences.write(self.bucket, differences.folder(self.zone_id, self.change_id), part, difference)

    def _arranged(self, pieces: Sequence[Piece]) -> list[Piece]:
        return list(ranges.arrange(pieces, self.chunk_bytes))


@dataclass(frozen=True, slots=True)
class DrySink(Sink):
    """Sink of a dry run: chunks are described and not stored; differences are stored apart from the zone's objects."""

    keeps_first_load: ClassVar[bool] = True

    def chunks(self, pieces: Sequence[Piece], base: Sequence[Chunk]) -> tuple[Chunk, ...]:
        """Return the chunks of neighbouring pieces. Store none."""
        described, _ = chunks.describe_all(self.change_id, self._arranged(pieces), base)
        return described

    def difference(self, part: int, difference: Difference) -> str:
        """Store one part of what would move. Return its key."""
        return differences.write(self.bucket, differences.dry_run_folder(self.change_id), part, difference)
