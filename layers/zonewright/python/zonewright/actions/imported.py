"""The contents that a zone is imported with, and the rules for them that need the service: quotas, TTLs, child zones.

The rules for record sets alone are in `protocol/placement.py`. Requests that write the same record sets meet the same
rules (`recordsets.py`).
"""

import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from zonewright.errors import InChildZone, InvalidTtl, Reason
from zonewright.model import policy
from zonewright.model.quotas import Quotas
from zonewright.model.recordset import origin
from zonewright.model.settings import Settings
from zonewright.model.users import Caller
from zonewright.protocol import names, placement, rrset
from zonewright.protocol.types import NS

_SHOWN = 10
"""Problems that one error tells."""
_AFTER_SPACE = "!"
"""The character after a space. All keys below an owner sort before its key and this."""


@dataclass(frozen=True, slots=True)
class Contents:
    """Contents to import: RRset lines in canonical order, without SOA and apex NS, and the serial of their SOA.

    `numbers` has the line of each RRset in the master file, if they come from one.
    """

    lines: Sequence[str]
    serial: int
    numbers: Sequence[int] = ()

    def told(self, at: int, why: str) -> str:
        """Return what is said of the RRset at a position, with its line in the file."""
        return f"line {self.numbers[at]}: {why}" if self.numbers else why


def check(contents: Contents, zone_name: str, quota: Quotas, settings: Settings, caller: Caller) -> None:
    """Raise OverQuota for too many records, or InvalidTtl for a TTL below the minimum."""
    quota.check_contents([rrset.records(line) for line in contents.lines])
    if not settings.min_ttl:
        return
    for at, line in enumerate(contents.lines):
        ttl = rrset.from_line(line).ttl if line.split(rrset.TAB, 3)[2] else None
        try:
            if ttl is not None:
                policy.check_ttl(ttl, settings, caller)
        except InvalidTtl as error:
            raise InvalidTtl(
                contents.told(at, _named(line, zone_name)), minimum=error.minimum, ttl=error.ttl
            ) from error


def check_children(contents: Contents, zone_name: str, children: Sequence[str]) -> None:
    """Raise InChildZone for RRsets that belong to `children`, the zones below the new one in canonical order."""
    wrong = list(islice(_hidden(contents.lines, zone_name, children), _SHOWN))
    if wrong:
        told = [contents.told(at, _named(contents.lines[at], zone_name)) for at, _ in wrong]
        more = f" (and {len(wrong) - 1} more)" if len(wrong) > 1 else ""
        reasons = [
            Reason(f"{each}: it belongs in {child}: {placement.OF_DELEGATION}")
            for each, (_, child) in zip(told, wrong, strict=True)
        ]
        name = _named(contents.lines[wrong[0][0]], zone_name)
        raise InChildZone(f"{told[0]}{more}: {placement.OF_DELEGATION}", name=name, child=wrong[0][1], reasons=reasons)


def _hidden(lines: Sequence[str], zone_name: str, children: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Yield the position of each RRset that is in a child zone and may not be, and the name of the child."""
    zone, last = origin(zone_name), None
    for child in children:
        cut = names.key_of(names.absolute(child), zone)
        if last is not None and placement.is_below(cut, last):
            continue
        last = cut
        hosts = placement.hosts_of(rrset.find(lines, f"{cut}{rrset.TAB}{NS}{rrset.TAB}"), zone)
        start = bisect.bisect_left(lines, cut + rrset.TAB)
        for at in range(start, bisect.bisect_left(lines, cut + _AFTER_SPACE, start)):
            found = rrset.from_line(lines[at])
            if not placement.in_delegation(found.key, found.type, cut, hosts):
                yield at, child


def _named(line: str, zone_name: str) -> str:
    found = rrset.from_line(line)
    return f"{found.owner(origin(zone_name))} {found.type_text()}"
