"""The destination of a change's results: the chunks of a version, and the differences.

The differences of a dry run are stored apart from the zone's objects. Its chunks are described and not stored.
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
    """Stores the results of the change `change_id` to a zone, in chunks of about `chunk_bytes` bytes."""

    bucket: Bucket
    zone_id: str
    change_id: str
    chunk_bytes: int
    dry_run: bool = False

    @classmethod
    def of(
        cls, bucket: Bucket, settings: Settings, zone_id: str, change_id: str, records: int, *, dry_run: bool = False
    ) -> "Sink":
        """Return the sink for a zone of about `records` records, which decide the size of its chunks."""
        return cls(bucket, zone_id, change_id, ranges.chunk_bytes(settings.chunk_bytes, records), dry_run)

    def chunks(self, pieces: Sequence[Piece], base: Sequence[Chunk]) -> tuple[Chunk, ...]:
        """Return the chunks of neighbouring pieces. Those that `base` has are not stored again."""
        arranged = ranges.arrange(pieces, self.chunk_bytes)
        return chunks.store(self.bucket, self.zone_id, self.change_id, arranged, base, dry_run=self.dry_run)

    def difference(self, part: int, difference: Difference) -> str:
        """Store one part of the differences. Return its object key."""
        return differences.write(self.bucket, self.zone_id, self.change_id, part, difference, dry_run=self.dry_run)
