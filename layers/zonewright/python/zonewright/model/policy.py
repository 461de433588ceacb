"""The operator's rules for zones: names by top-level domains and a blacklist, TTLs by a minimum, sizes by a maximum.

The rules of names and TTLs are Designate's (contract `designate.md`, sections 3 and 5). A super user may create a zone
with a blacklisted name or a TTL below the minimum.
"""

import functools
import json
import re
import signal
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import FrameType

from zonewright.errors import InvalidTtl, NameBlacklisted, NameOfTld, NameTooShort, NameUnchecked, OverQuota, TldUnknown
from zonewright.model.settings import Settings
from zonewright.model.users import Caller
from zonewright.model.zone import Primary

BLACKLIST_SECONDS = 1.0
"""Seconds that an entry of the blacklist may take to match a name. A bad pattern needs years for some names."""


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
    blacklist = patterns(settings.blacklist)
    for pattern in () if caller.is_super else blacklist:
        try:
            with _at_most(BLACKLIST_SECONDS):
                found = pattern.search(name)
        except _OutOfTimeError:
            slow(pattern.pattern)
            raise NameUnchecked(name=name) from None
        if found:
            raise NameBlacklisted(name=name)


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


@functools.cache
def patterns(blacklist: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    """Return the entries of a blacklist as patterns that ignore case.

    Raise ValueError, naming the entry, for an entry that is not a regular expression.
    """
    compiled = []
    for entry in blacklist:
        try:
            compiled.append(re.compile(entry, re.IGNORECASE))
        except re.error as error:
            raise ValueError(f"the entry {entry!r} of Blacklist is no regular expression: {error}") from error
    return tuple(compiled)


class _OutOfTimeError(Exception):
    """The body of `_at_most` took too long."""


@contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    """Raise _OutOfTimeError if the body takes longer. The `re` module lets signals through while it matches.

    Only the main thread gets signals, and Lambda runs handlers there. In another thread the body is not bounded.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise _OutOfTimeError

    before = signal.signal(signal.SIGALRM, stop)
    try:
        signal.setitimer(signal.ITIMER_REAL, seconds)
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
