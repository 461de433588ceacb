"""Every key of the table, in one place.

| item           | pk                | sk                        | gsi1pk       | gsi1sk              |
| zone           | ZONE#id           | ZONE                      | GROUP#id     | created#id          |
| version        | ZONE#id           | VERSION#000000000001      |              |                     |
| leftover       | ZONE#id           | LEFTOVER#000000000001     | stage#shard  | since#zone#number   |
| change         | ZONE#id           | CHANGE#created#id         |              |                     |
| dry run        | ZONE#id           | DRYRUN#id                 |              |                     |
| one that runs  | ZONE#id           | DRYRUN                    |              |                     |
| zone name      | NAME#org example  | org example www           |              |                     |
| zone's share   | ZONE#id           | SHARE#id                  | GROUP#target | zone's created#id   |
| zone's offer   | ZONE#id           | OFFER                     |              |                     |
| offer          | OFFER#id          | OFFER                     | OFFERS#group | created#id          |
| same, for whom | OFFER#id          | TARGET                    | OFFERS#target| created#id          |
| acceptance     | ACCEPTANCE#id     | ACCEPTANCE                | ACCEPTANCES#group | created#id     |
| group          | GROUP#id          | GROUP                     | GROUPS       | name#id             |
| group's tally  | GROUP#id          | TALLY                     | TALLIES      | id                  |
| group's quotas | GROUP#id          | QUOTAS                    |              |                     |
| group name     | GROUPNAME#folded  | GROUPNAME                 |              |                     |
| user           | USER#id           | USER                      | USERS        | name#id             |
| user name      | USERNAME#folded   | USERNAME                  |              |                     |
| access key     | ACCESSKEY#key     | ACCESSKEY                 |              |                     |
| API token      | TOKEN#digest      | TOKEN                     |              |                     |
| TSIG key       | TSIGKEY#id        | TSIGKEY                   | TSIGKEYS     | created#id          |
| TSIG key name  | TSIG#resource     | name                      |              |                     |
| authorities    | AUTHORITIES       | AUTHORITIES               |              |                     |
| import task    | IMPORT#id         | IMPORT                    | IMPORTS#group| created#id          |
| export task    | EXPORT#id         | EXPORT                    | EXPORTS#group| created#id          |
| answered POST  | IDEMPOTENCY       | digest, by Powertools     |              |                     |
| sweep          | SWEEP             | SWEEP                     |              |                     |

| item           | gsi2pk            | gsi2sk                    |
| zone           | DUE#0 to DUE#f    | due moment#id             |
"""

import zlib
from datetime import datetime

from zonewright import clock
from zonewright.protocol import names

INDEX = "gsi1"
DUE_INDEX = "gsi2"

ItemKey = dict[str, str]


def _single(kind: str, value: str) -> ItemKey:
    return {"pk": f"{kind}#{value}", "sk": kind}


def zone(zone_id: str) -> ItemKey:
    """The zone's own item."""
    return _single("ZONE", zone_id)


def zone_listing(group_id: str, created: datetime, zone_id: str) -> ItemKey:
    """Where a live zone stands among its group's, oldest first."""
    return {"gsi1pk": f"GROUP#{group_id}", "gsi1sk": f"{clock.to_text(created)}#{zone_id}"}


def zone_name(name: str) -> ItemKey:
    """The guard of a zone name, in any case of its letters; below one pair of last labels all are in one partition.

    There they stand in canonical order, so a name's descendants are those behind its key and a space.
    """
    sort_key = names.zone_sort_key(name)
    return {"pk": f"NAME#{' '.join(sort_key.split(' ', 2)[:2])}", "sk": sort_key}


LONGEST_ID = 36
"""Characters of an id (RFC 9562); what is longer is none of ours, and may be too long for a key."""

DUE = tuple(f"DUE#{shard:x}" for shard in range(16))
"""The partitions of the index of due moments: one would take a write of every scheduled zone."""

NOT_DUE = ("gsi2pk", "gsi2sk")
"""What a zone goes without that has no schedule."""


def zone_due(zone_id: str, due: datetime) -> ItemKey:
    """Where a zone with a schedule stands among those, by the moment it is due."""
    shard = zlib.crc32(zone_id.encode()) % len(DUE)
    return {"gsi2pk": DUE[shard], "gsi2sk": f"{clock.to_text(due)}#{zone_id}"}


def version(zone_id: str, number: int) -> ItemKey:
    """One version of a zone's contents."""
    return {"pk": f"ZONE#{zone_id}", "sk": f"VERSION#{number:012d}"}


VERSIONS = "VERSION#"


def leftover(zone_id: str, number: int) -> ItemKey:
    """What is to be swept of a version that was superseded; number 0 is the whole of a deleted zone."""
    return {"pk": f"ZONE#{zone_id}", "sk": f"{LEFTOVERS}{number:012d}"}


LEFTOVERS = "LEFTOVER#"
LEFTOVER_SHARDS = 16
"""Every publication of every zone writes one, and one partition of the index takes a thousand writes a second."""


def leftover_listing(stage: str, since: datetime, zone_id: str, number: int) -> ItemKey:
    """Where a leftover stands among those of its stage, the oldest first."""
    shard = zlib.crc32(zone_id.encode()) % LEFTOVER_SHARDS
    return {"gsi1pk": leftover_list(stage, shard), "gsi1sk": f"{clock.to_text(since)}#{zone_id}#{number:012d}"}


def leftover_list(stage: str, shard: int) -> str:
    """One of the lists that a stage's leftovers are spread over."""
    return f"{stage}#{shard:02d}"


def change(zone_id: str, created: datetime, change_id: str) -> ItemKey:
    """One entry of a zone's history."""
    return {"pk": f"ZONE#{zone_id}", "sk": f"CHANGE#{clock.to_text(created)}#{change_id}"}


CHANGES = "CHANGE#"


def dry_run(zone_id: str, dry_run_id: str) -> ItemKey:
    """The report of a dry run of a sync."""
    return {"pk": f"ZONE#{zone_id}", "sk": f"DRYRUN#{dry_run_id}"}


def running_dry_run(zone_id: str) -> ItemKey:
    """The lease that keeps a zone to one dry run at a time."""
    return {"pk": f"ZONE#{zone_id}", "sk": "DRYRUN"}


def share(zone_id: str, share_id: str) -> ItemKey:
    """A share of a zone; listed as `zone_listing` of the group it is for."""
    return {"pk": f"ZONE#{zone_id}", "sk": f"SHARE#{share_id}"}


SHARES = "SHARE#"


def zones_offer(zone_id: str) -> ItemKey:
    """The guard that keeps a zone to one offer that may be accepted."""
    return {"pk": f"ZONE#{zone_id}", "sk": "OFFER"}


def offer(offer_id: str) -> ItemKey:
    """An offer of a zone."""
    return _single("OFFER", offer_id)


def offer_to_target(offer_id: str) -> ItemKey:
    """The same offer, in the list of the group it is made to."""
    return {"pk": f"OFFER#{offer_id}", "sk": "TARGET"}


def offer_listing(group_id: str, created: datetime, offer_id: str) -> ItemKey:
    """Where an offer stands among those of a group, or to it, oldest first."""
    return {"gsi1pk": f"OFFERS#{group_id}", "gsi1sk": f"{clock.to_text(created)}#{offer_id}"}


def acceptance(acceptance_id: str) -> ItemKey:
    """That an offer was accepted."""
    return _single("ACCEPTANCE", acceptance_id)


def acceptance_listing(group_id: str, created: datetime, acceptance_id: str) -> ItemKey:
    """Where an acceptance stands among those of the group that accepted, oldest first."""
    return {"gsi1pk": f"ACCEPTANCES#{group_id}", "gsi1sk": f"{clock.to_text(created)}#{acceptance_id}"}


def group(group_id: str) -> ItemKey:
    """An owner group."""
    return _single("GROUP", group_id)


def tally(group_id: str) -> ItemKey:
    """How many zones a group has."""
    return {"pk": f"GROUP#{group_id}", "sk": "TALLY"}


def quotas(group_id: str) -> ItemKey:
    """The quotas of a group that are not the deployment's."""
    return {"pk": f"GROUP#{group_id}", "sk": "QUOTAS"}


TALLIES = "TALLIES"


def tally_listing(group_id: str) -> ItemKey:
    """Where a group's tally stands among all: that is how every owner of zones is found."""
    return {"gsi1pk": TALLIES, "gsi1sk": group_id}


def group_name(name: str) -> ItemKey:
    """The guard that keeps a group name unique."""
    return _single("GROUPNAME", name.casefold())


def group_listing(name: str, group_id: str) -> ItemKey:
    """Where a group stands among all, by name."""
    return {"gsi1pk": "GROUPS", "gsi1sk": f"{name.casefold()}#{group_id}"}


def user(user_id: str) -> ItemKey:
    """A user."""
    return _single("USER", user_id)


def user_name(name: str) -> ItemKey:
    """The guard that keeps a user name unique."""
    return _single("USERNAME", name.casefold())


def user_listing(name: str, user_id: str) -> ItemKey:
    """Where a user stands among all, by name."""
    return {"gsi1pk": "USERS", "gsi1sk": f"{name.casefold()}#{user_id}"}


def access_key(key: str) -> ItemKey:
    """Which user an access key belongs to."""
    return _single("ACCESSKEY", key)


def token(digest: str) -> ItemKey:
    """An API token, under the SHA-256 of its text."""
    return _single("TOKEN", digest)


def tsig_key(key_id: str) -> ItemKey:
    """A TSIG key."""
    return _single("TSIGKEY", key_id)


def tsig_name(resource_id: str, name: str) -> ItemKey:
    """The guard that keeps the name of a TSIG key unique in its zone, or in the pool; they stand there by name."""
    return {"pk": f"TSIG#{resource_id}", "sk": name}


TSIG_KEYS = "TSIGKEYS"


def tsig_listing(created: datetime, key_id: str) -> ItemKey:
    """Where a TSIG key stands among all, oldest first."""
    return {"gsi1pk": TSIG_KEYS, "gsi1sk": f"{clock.to_text(created)}#{key_id}"}


SWEEP: ItemKey = {"pk": "SWEEP", "sk": "SWEEP"}
"""How far the sweeper's pass over all objects is."""

AUTHORITIES: ItemKey = {"pk": "AUTHORITIES", "sk": "AUTHORITIES"}
"""The certificate authorities of the operator's own."""


def zone_task(kind: str, task_id: str) -> ItemKey:
    """A task, of the kind IMPORT or EXPORT."""
    return _single(kind, task_id)


def zone_task_listing(kind: str, group_id: str, created: datetime, task_id: str) -> ItemKey:
    """Where a task stands among its project's of that kind, oldest first."""
    return {"gsi1pk": f"{kind}S#{group_id}", "gsi1sk": f"{clock.to_text(created)}#{task_id}"}
