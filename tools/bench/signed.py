"""What a record of a signed zone costs, compared with one of another zone.

Each round copies a zone without signatures and a signed one of about as many records: a first sync, and one that finds
the zone unchanged. So both are measured in the same run. The first round is not counted. BIND's `dnssec-signzone` signs
the zone once for all rounds.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from primaries import Bind
from primaries.corpus import big
from primaries.signing import big_signed
from stack.home import Home

from bench import table
from bench.syncs import Round, condensed, timed

MOST_RECORDS = 50_000
"""Records of the largest zone. With signatures, one function still copies it, without the maps.

The counts of processor time lack that of Transfer in a sync by the maps: its process ends with the error `Staged`.
"""


def bench(home: Home, sizes: Iterable[int], rounds: int) -> dict[str, Any]:
    """Measure zones of these sizes, at most `MOST_RECORDS`, and print the table. Return the figures by size, kind."""
    found: dict[str, Any] = {}
    for size in sorted({min(size, MOST_RECORDS) for size in sizes}):
        name = f"bench-signed-{size}.example."
        texts = {"plain": big(size, 1, name), "signed": big_signed(size, name)}
        copies: dict[str, list[Copy]] = {kind: [] for kind in texts}
        for _ in range(rounds + 1):
            for kind, text in texts.items():
                copies[kind].append(Copy(home, size, name, text))
                copies[kind][-1].measure()
        found[str(size)] = {
            kind: condensed(each[1:]) | {"records": each[0].records, "date": f"{datetime.now(UTC):%Y-%m-%d}"}
            for kind, each in copies.items()
        }
    print("\n".join(table.signed(found)))
    return found


class Copy(Round):
    """Two syncs of a zone of `records` records."""

    def __init__(self, home: Home, size: int, name: str, text: str) -> None:
        super().__init__(home, size)
        self.name, self.text = name, text
        self.records = sum(not line.startswith((";", "$")) for line in text.splitlines())

    def measure(self) -> None:
        """Copy the zone twice. Raise RuntimeError if a sync is not as expected."""
        with Bind({self.name: self.text}) as primary:
            self.seconds["dig"] = timed(lambda: self._dig(primary))
            self._step("first", lambda: self._create(primary))
            self._step("unchanged", lambda: self._sync("axfr"), transfer="AXFR", moved=False)
        self.api.call("DELETE", f"/v2/zones/{self.zone_id}")
