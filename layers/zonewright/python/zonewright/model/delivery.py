"""Delivery of a zone: which version each target of its pool has, what failed, and when it is tried again.

A push brings a target from the version that it has, its `base`, to another. A target that is half way is first brought
to where it was going. Targets do not wait for each other. Contract backends.md, sections 2, 6 and 7.
"""

import math
import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from zonewright.errors import DeliveryDelayed, DeliveryError, ZoneNotServed
from zonewright.model import pool as pools
from zonewright.model.failure import Failure
from zonewright.model.pool import Pool

SOON = (1, 5)
"""Seconds until the first tries after a delay. The function that delivers waits for them."""

LATER = (60, 120, 300, 600, 900)
"""Seconds until the next tries. The last one is repeated, for ever."""

JITTER = 0.2
"""The share of a longer pause that is left to chance, so that the zones of a target that was away come apart."""

REFUSED = (60, 900)
"""Seconds until the next tries after a refusal. The first one may be the change of somebody who is at it."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """What is shown of the delivery of a zone: the version that enough targets have, 0 for none yet.

    `failure` is why the next version is not there, if that stays so until somebody changes something.
    """

    version: int = 0
    failure: Failure | None = None


@dataclass(frozen=True, slots=True)
class Repair:
    """What a push overwrote that somebody else had written: numbers of record sets, and the first of them as text."""

    at: datetime
    updated: int
    deleted: int
    first: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a target is with a zone.

    `place` is where the target is (`pool.place`): elsewhere, nothing of this holds. `base` is the version that it has,
    0 if that is not known, and `soa` the line of the SOA that we left there last. `to` is the version that a push under
    way leads to, and `message` the number of its messages that are done, by the options `cut`, which say where the push
    is cut. `taken` says that a push has ended well once: what else is there was written by others, after us. `allowed`
    says that the operator lets the next push overwrite what is there.

    `reason` tells why the last try failed, `since` when the first of these tries did, and `tries` their number. It is
    tried again at `next`, or at once with another version than the one that was `refused`, which may be the way out.
    `lasting` says that it is an error, and no delay. `change` is the id of a change that is not
    yet everywhere (Route 53), for which it was asked `asks` times. `checked` is when all that the target serves was
    compared last, None if it has to be now.
    """

    place: str = ""
    base: int = 0
    soa: str | None = None
    to: int | None = None
    message: int = 0
    cut: str | None = None
    taken: bool = False
    allowed: bool = False
    reason: str | None = None
    since: datetime | None = None
    tries: int = 0
    next: datetime | None = None
    lasting: bool = False
    refused: int = 0
    change: str | None = None
    asks: int = 0
    checked: datetime | None = None
    repair: Repair | None = None

    def under_way(self, to: int, message: int, cut: str | None = None) -> "Standing":
        """Return the standing with `message` messages done of the push to version `to`."""
        return replace(self, to=to, message=message, cut=cut)

    def arrived(self, soa: str | None, checked: datetime | None) -> "Standing":
        """Return the standing at the end of the push, whose SOA is `soa`. It ends all failures."""
        return replace(self.as_checked(checked), base=self.to or self.base, soa=soa)

    def as_checked(self, now: datetime | None) -> "Standing":
        """Return the standing of a target that serves what it should. It ends all failures."""
        kept = Standing(self.place, self.base, self.soa, change=self.change, repair=self.repair)
        return replace(kept, taken=True, checked=now)

    def withdrawn(self) -> "Standing":
        """Return the standing after a push under way that the target refuses. Half of one leaves contents unknown."""
        return self.lost() if self.message else replace(self, to=None, cut=None)

    @property
    def resting(self) -> bool:
        """Return whether the target has a version, nothing is under way, and nothing failed."""
        return bool(self.base) and self.to is None and self.reason is None and self.change is None

    def lost(self) -> "Standing":
        """Return the standing of a target whose contents are not known any more."""
        return replace(self, base=0, to=None, message=0, cut=None)

    def again(self, version: int) -> datetime | None:
        """Return when a version is tried, None for at once."""
        return None if self.refused and self.refused != version else self.next

    def failed(
        self, error: DeliveryError, reason: str, now: datetime, patience: timedelta, *, version: int
    ) -> "Standing":
        """Return the standing after a failed try of a version. A delay is an error if it lasts longer than `patience`.

        A zone that the target never had may be about to be made there.
        """
        delayed = isinstance(error, DeliveryDelayed) or (isinstance(error, ZoneNotServed) and not self.taken)
        since = self.since or now
        lasting = now - since >= patience if delayed else self.tries > 0
        pause = _pause(self.tries, delayed=delayed)
        refused = 0 if delayed else version
        tried = replace(self, tries=self.tries + 1, next=now + pause, refused=refused)
        return replace(tried, reason=reason, since=since, lasting=lasting)


def _pause(tries: int, *, delayed: bool) -> timedelta:
    """Return the time until the next try, after `tries` failed ones and this one."""
    steps = (*SOON, *LATER) if delayed else REFUSED
    seconds = steps[min(tries, len(steps) - 1)]
    spread = JITTER * seconds if seconds >= LATER[0] else 0
    return timedelta(seconds=seconds + random.uniform(-spread, spread))  # noqa: S311 - spreads tries, protects nothing


@dataclass(frozen=True, slots=True)
class Delivery:
    """The delivery of a zone: the version `wanted`, and the standing of each target by its id.

    `asked` is the mark of the last write that made it due. One holder at a time delivers a zone, until its `lease`
    (epoch seconds).
    """

    zone_id: str
    wanted: int
    standings: Mapping[str, Standing] = field(default_factory=dict)
    asked: str | None = None
    holder: str | None = None
    lease: int | None = None

    def of(self, pool: Pool) -> dict[str, Standing]:
        """Return the standing of each target of a pool. A new target has nothing yet, nor has one that moved."""
        at = {each.id: Standing(pools.place(each.options)) for each in pool.targets}
        same = {each: found for each, found in self.standings.items() if each in at and found.place == at[each].place}
        return at | same


def reached(bases: Iterable[int], threshold: int) -> int:
    """Return the newest version that at least `threshold` percent of the targets have."""
    ordered = sorted(bases, reverse=True)
    needed = max(math.ceil(len(ordered) * threshold / 100), 1)
    return ordered[needed - 1] if ordered else 0


def delivered(standings: Iterable[Standing], version: int, wanted: int, now: datetime) -> Delivered:
    """Return what is shown of a delivery, where enough targets have `version`.

    A failure is shown if `wanted` is not there, and it lasts.
    """
    lasting = [each for each in standings if each.lasting and each.reason]
    if version >= wanted or not lasting:
        return Delivered(version)
    since = min(each.since or now for each in lasting)
    return Delivered(version, Failure("; ".join(each.reason or "" for each in lasting), since, since))
