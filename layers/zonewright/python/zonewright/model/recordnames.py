"""Names of record sets in VinylDNS: relative to the zone, and the zone's own at the apex (contract, section 3).

Case is kept. Every comparison ignores it.
"""

from zonewright.model.recordset import origin
from zonewright.protocol import names, placement
from zonewright.protocol.rrset import RRset

_APEX = "@"


def stored(name: str, zone_name: str) -> str:
    """Return the name of a record set as it is stored, of the name in a body.

    `@` and the zone name are the apex. A name that ends with the absolute zone name is made relative. Any other name is
    relative, with dots or without.
    """
    if name == _APEX or names.fold(name) == names.fold(zone_name):
        return zone_name
    tail = f".{names.fold(zone_name)}"
    return name[: -len(tail)] if name.lower().endswith(tail) else name


def of(held: RRset, zone_name: str) -> str:
    """Return the stored name of a record set of a zone, as it is spelled."""
    if not held.key:
        return zone_name
    return held.owner(origin(zone_name)).relativize(origin(zone_name)).to_text()


def absolute(stored_name: str, zone_name: str) -> str:
    """Return the absolute owner name of a stored name."""
    return zone_name if is_apex(stored_name, zone_name) else f"{stored_name}.{zone_name}"


def is_apex(stored_name: str, zone_name: str) -> bool:
    """Return whether a stored name is that of the apex."""
    return names.fold(stored_name) == names.fold(zone_name)


def is_dotted(stored_name: str, zone_name: str) -> bool:
    """Return whether a record set is a dotted host: not at the apex, and of more than one label."""
    return "." in stored_name and not is_apex(stored_name, zone_name)


def place_of(stored_name: str, zone_name: str) -> tuple[str, str | None]:
    """Return the sort key of a stored name, and its spelling if it is not all lower-case.

    Raise ValueError with the reason for what is no name, such as two dots in a row.
    """
    if is_apex(stored_name, zone_name):
        return "", None
    if not stored_name.isascii():
        raise ValueError("it is not ASCII: write it in punycode (xn--)")
    return placement.place_of(absolute(stored_name, zone_name), origin(zone_name))
