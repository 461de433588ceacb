"""What the VinylDNS dialect's parts of the API document have in common (contract `vinyldns.md`, section 2)."""

from zonewright.http.openapi.operations import query, said_or_bare
from zonewright.http.openapi.schemas import COUNT

FORBIDDEN = "The caller is not in the zone's group (a JSON string), or is locked (bare text)"
MISSING = "No such zone"
UNREADABLE = said_or_bare("A query out of range or not ours (a JSON string), or one that cannot be read (bare text)")

MAX_ITEMS = query("maxItems", {"type": "integer", "minimum": 1, "maximum": 100, "default": 100}, "How many at most")
START_FROM = query("startFrom", COUNT, "How many to pass over: the `nextId` of the page before")
