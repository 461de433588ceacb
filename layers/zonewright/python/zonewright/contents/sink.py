"""Where a change puts what it makes of a zone: the chunks of a version, and what moved.

Of a dry run what would move is stored apart from the zone's objects, and no chunk is: only described.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from zonewright.contents import chunks, differences
from zonewright.contents.bucket import Bucket
from zonewright.model import ranges
from zonewright.model.diff import Difference
from zonewright.model.ranges import Piece
from zonewright.model.settings import Settings
from zonewright.model.version import Chunk


@dataclass(frozen=True, slots=True)
class Sink:
    """Takes what the change `change_id` makes of a zone, in chunks of about `chunk_bytes`."""

    bucket: Bucket
    zone_id: str
    change_id: str
    chunk_bytes: int
    dry_run: bool = False

    @classmethod
    def of(
        cls, bucket: Bucket, settings: Settings, zone_id: str, change_id: str, records: int, *, dry_run: bool = False
    ) -> "Sink":
        """One for a zone of about so many records, which say how large its chunks are."""
        return cls(bucket, zone_id, change_id, ranges.chunk_bytes(settings.chunk_bytes, records), dry_run)

    def chunks(self, pieces: Sequence[Piece], base: Sequence[Chunk]) -> tuple[Chunk, ...]:
        """The chunks that neighbouring pieces make, stored but for those that `base` has."""
        arranged = ranges.arrange(pieces, self.chunk_bytes)
        return chunks.store(self.bucket, self.zone_id, self.change_id, arranged, base, dry_run=self.dry_run)

    def difference(self, part: int, difference: Difference) -> str:
        """Store one part of what moved; returns its key."""
        return differences.write(self.bucket, self.zone_id, self.change_id, part, difference, dry_run=self.dry_run)
