"""The operator's rules for zones: names by top-level domains and a blacklist, TTLs by a minimum, sizes by a maximum.

The rules of names and TTLs are Designate's (contract `designate.md`, sections 3 and 5). A super user may create a zone
with a blacklisted name or a TTL below the minimum.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence

from zonewright.errors import InvalidTtl, NameBlacklisted, NameOfTld, NameTooShort, NameUnchecked, OverQuota, TldUnknown
from zonewright.model import expressions
from zonewright.model.settings import Settings
from zonewright.model.users import Caller
from zonewright.model.zone import Primary


def check_name(name: str, settings: Settings, caller: Caller, *, slow: Callable[[str], None]) -> None:
    """Raise InvalidZoneName if no zone may have this name.

    A name for which an entry of the blacklist takes too long is refused too, and `slow` is called with that entry.
    Raise ValueError if the blacklist itself cannot be read. Then no zone is created.
    """
    labels = name.lower().removesuffix(".").split(".")
    if len(labels) < 2:
        raise NameTooShort(name=name)
    tlds = {tld.lower().strip(".") for tld in settings.tlds}
    if tlds and ".".join(labels) in tlds:
        raise NameOfTld(name=name)
    if tlds and not any(".".join(labels[at:]) in tlds for at in range(1, len(labels))):
        raise TldUnknown(name=name, tlds=sorted(tlds))
    _check_expressions(settings.blacklist)
    try:
        if not caller.is_super and expressions.found(settings.blacklist, name):
            raise NameBlacklisted(name=name)
    except expressions.TooSlow as error:
        slow(error.expression)
        raise NameUnchecked(name=name) from None


def check_ttl(ttl: int, settings: Settings, caller: Caller) -> None:
    """Raise InvalidTtl if a TTL, in seconds, is below the minimum."""
    if ttl < settings.min_ttl and not caller.is_super:
        raise InvalidTtl(ttl=ttl, minimum=settings.min_ttl)


def check_masters(primaries: Sequence[Primary], settings: Settings) -> None:
    """Raise OverQuota if a zone has more primaries than it may have."""
    if len(primaries) > settings.zone_masters:
        raise OverQuota(f"{len(primaries)}, and a zone may have {settings.zone_masters}", quota="masters")


def check_attributes(attributes: Mapping[str, str], settings: Settings) -> None:
    """Raise OverQuota if the attributes of a zone or an import have too many octets, as JSON in UTF-8."""
    text = json.dumps(attributes, ensure_ascii=False, separators=(",", ":"))
    octets, most = len(text.encode(errors="surrogatepass")), settings.attribute_bytes
    if octets > most:
        raise OverQuota(f"they have {octets} octets as JSON, and may have {most}", quota="attributes")


def _check_expressions(blacklist: Iterable[str]) -> None:
    """Raise ValueError, naming the entry, for an entry of the blacklist that is not a regular expression."""
    for entry in blacklist:
        try:
            expressions.compiled(entry)
        except ValueError as error:
            raise ValueError(f"Blacklist cannot be read: {error}") from error
