"""Name servers behind the targets: ask which serial they have, and send NOTIFY to those that no target tells.

A version is delivered when enough targets have it and enough name servers serve its serial or a newer one. Without name
servers in the pool, the targets' own proof is enough. Contract backends.md, section 6.
"""

import math
from datetime import timedelta

from zonewright.delivery import contents, reaching
from zonewright.log import log
from zonewright.model.pool import Pool, Rfc2136
from zonewright.model.version import Version
from zonewright.model.zone import Zone
from zonewright.servers import notify, serials
from zonewright.service import Service

ASKS = (0.2, 1, 3, 60)
"""Seconds until the name servers are asked, after a push and again. The last one is repeated."""


def pause(asks: int) -> timedelta:
    """Return the time until the next question, after `asks` of them."""
    return timedelta(seconds=ASKS[min(asks, len(ASKS) - 1)])


def serving(service: Service, zone: Zone, pool: Pool, version: Version) -> bool:
    """Return whether enough name servers of a pool serve a version of a zone."""
    wanted = _serial(service, zone, pool, version)
    servers = [reaching.target(service, zone, each, each.tsigkey_id) for each in pool.nameservers]
    found = serials.ask(servers)
    lacking = [each for each in found if wanted is None or not each.has(wanted)]
    if len(found) - len(lacking) >= math.ceil(len(found) * pool.threshold / 100):
        return True
    said = [each.said() for each in lacking]
    log().info("name servers lack a version", extra={"zone_id": zone.id, "wanted": wanted, "said": said})
    return False


def tell(service: Service, zone: Zone, pool: Pool, version: Version) -> None:
    """Send NOTIFY of a version to the name servers that the pool lists for it. What they answer is logged."""
    servers = [reaching.target(service, zone, each, each.tsigkey_id) for each in pool.also_notifies]
    for each in notify.tell(servers, contents.soa(service.bucket, version, zone.ttl)):
        if not each.taken:
            log().warning("NOTIFY not taken", extra={"zone_id": zone.id, "reason": each.said()})


def _serial(service: Service, zone: Zone, pool: Pool, version: Version) -> int | None:
    """Return the serial that name servers have to reach: ours, or the one of the targets that count their own.

    Return None if no target that counts its own tells it.
    """
    theirs = [each for each in pool.targets if isinstance(each.options, Rfc2136) and each.options.serial == "theirs"]
    if not theirs:
        return version.serial
    asked = [
        reaching.target(service, zone, each.options, each.tsigkey_id)
        for each in theirs
        if isinstance(each.options, Rfc2136)
    ]
    return max((each.serial for each in serials.ask(asked) if each.serial is not None), default=None)
