"""Every key of the table. Others are in `groupkeys.py`, `vinyldnskeys.py`, `backendkeys.py` and `dueplaces.py`.

| item                | pk                | sk                        | gsi1pk            | gsi1sk              |
| zone                | ZONE#id           | ZONE                      | GROUP#id          | created#id          |
| version             | ZONE#id           | VERSION#000000000001      |                   |                     |
| leftover            | ZONE#id           | LEFTOVER#000000000001     | stage#shard       | since#zone#number   |
| change              | ZONE#id           | CHANGE#created#id         |                   |                     |
| dry run             | ZONE#id           | DRYRUN#id                 |                   |                     |
| running dry run     | ZONE#id           | DRYRUN                    |                   |                     |
| share               | ZONE#id           | SHARE#id                  | GROUP#target      | zone's created#id   |
| open offer          | ZONE#id           | OFFER                     |                   |                     |
| delivery            | ZONE#id           | DELIVERY                  |                   |                     |
| TSIG keys of a zone | ZONE#id           | TSIGKEYS                  |                   |                     |
| zone name           | NAME#org example  | org example www           |                   |                     |
| offer               | OFFER#id          | OFFER                     | OFFERS#group      | created#id          |
| offer, for target   | OFFER#id          | TARGET                    | OFFERS#target     | created#id          |
| acceptance          | ACCEPTANCE#id     | ACCEPTANCE                | ACCEPTANCES#group | created#id          |
| group               | GROUP#id          | GROUP                     | GROUPS            | name#id             |
| group's tally       | GROUP#id          | TALLY                     | TALLIES           | id                  |
| group's quotas      | GROUP#id          | QUOTAS                    |                   |                     |
| group's change      | GROUP#id          | CHANGE#created#id         |                   |                     |
| id of such a change | GROUPCHANGE#id    | GROUPCHANGE               |                   |                     |
| group name          | GROUPNAME#folded  | GROUPNAME                 |                   |                     |
| group in the list   | GROUPNAMES        | folded#id                 |                   |                     |
| list of all groups  | GROUPSLISTED      | GROUPSLISTED              |                   |                     |
| user                | USER#id           | USER                      | USERS             | name#id             |
| user name           | USERNAME#folded   | USERNAME                  |                   |                     |
| access key          | ACCESSKEY#key     | ACCESSKEY                 |                   |                     |
| token               | TOKEN#digest      | TOKEN                     | TOKENS#user       | created#digest      |
| credential          | CREDENTIAL#id     | CREDENTIAL                | CREDENTIALS#user  | created#id          |
| credential name     | CREDENTIALNAME#user#name | CREDENTIALNAME     |                   |                     |
| failed logins       | GUESS#digest      | GUESS                     |                   |                     |
| TSIG key            | TSIGKEY#id        | TSIGKEY                   | TSIGKEYS#group    | created#id          |
| uncounted TSIG key  | TSIGKEY#id        | TSIGKEY                   | TSIGKEYS          | created#id          |
| TSIG key name       | TSIG#resource     | name                      |                   |                     |
| pool                | POOLS             | POOL#id                   |                   |                     |
| name of a pool      | POOLS             | NAME#folded               |                   |                     |
| zones of a pool     | POOL#id#shard     | ZONES                     |                   |                     |
| catalog's turnover  | CATALOG#pool      | zone                      |                   |                     |
| import task         | IMPORT#id         | IMPORT                    | IMPORTS#group     | created#id          |
| export task         | EXPORT#id         | EXPORT                    | EXPORTS#group     | created#id          |
| slot of a run       | RUNS#group        | 00000                     |                   |                     |
| slot of an upload   | UPLOADS#group     | 00000                     |                   |                     |
| begins of a minute  | BEGINS#group      | minute                    |                   |                     |
| authorities         | AUTHORITIES       | AUTHORITIES               |                   |                     |
| settings            | SETTINGS          | section                   |                   |                     |
| answered POST       | IDEMPOTENCY       | digest, by Powertools     |                   |                     |
| sweep               | SWEEP             | SWEEP                     |                   |                     |

A function named after an item returns the item's key. A function `..._listing` returns the attributes that put the item
into a list, and `..._list` returns the partition of that list in the index.
"""

import zlib
from datetime import datetime

from zonewright import clock
from zonewright.protocol import names

INDEX = "gsi1"
"""The index of lists."""

ItemKey = dict[str, str]
"""The key attributes of an item, or the attributes that list it in an index."""


def _single(kind: str, value: str) -> ItemKey:
    """Return the key of an item that is alone in its partition."""
    return {"pk": f"{kind}#{value}", "sk": kind}


def _of_zone(zone_id: str, sk: str) -> ItemKey:
    """Return the key of an item in a zone's partition."""
    return {"pk": zone_partition(zone_id), "sk": sk}


def _listed(partition: str, created: datetime, item_id: str) -> ItemKey:
    """Return the place of an item in a list, the oldest first."""
    return {"gsi1pk": partition, "gsi1sk": f"{clock.to_text(created)}#{item_id}"}


# --- Zones

ZONE = "ZONE"
"""The sort key of a zone's own item."""

VERSIONS = "VERSION#"
"""The prefix of the sort keys of versions, as the next ones are of their items."""
LEFTOVERS = "LEFTOVER#"
CHANGES = "CHANGE#"
DRY_RUNS = "DRYRUN#"
SHARES = "SHARE#"

LEFTOVER_SHARDS = 16
"""Partitions of a stage. Each publication writes a leftover, and a partition takes a thousand writes a second."""


def zone_partition(zone_id: str) -> str:
    """Return the partition that holds a zone with its versions, leftovers, changes, dry runs, shares and open offer."""
    return f"ZONE#{zone_id}"


def zone(zone_id: str) -> ItemKey:
    """Return the key of a zone."""
    return _of_zone(zone_id, ZONE)


def zone_list(group_id: str) -> str:
    """Return the list of the live zones of a group, and of the shares that it was given."""
    return f"GROUP#{group_id}"


def zone_listing(group_id: str, created: datetime, zone_id: str) -> ItemKey:
    """Return the place of a zone, created at `created`, in the list of a group."""
    return _listed(zone_list(group_id), created, zone_id)


def zone_name(name: str) -> ItemKey:
    """Return the key of the item that claims a zone name, in any case of letters.

    The names below one pair of last labels share a partition, in canonical order. So the names below a name are those
    behind its sort key and a space.
    """
    sort_key = names.zone_sort_key(name)
    return {"pk": f"NAME#{' '.join(sort_key.split(' ', 2)[:2])}", "sk": sort_key}


def version(zone_id: str, number: int) -> ItemKey:
    """Return the key of a version of a zone's contents."""
    return _of_zone(zone_id, f"{VERSIONS}{number:012d}")


def leftover(zone_id: str, number: int) -> ItemKey:
    """Return the key of the leftover of a superseded version. Number 0 is the whole of a deleted zone."""
    return _of_zone(zone_id, f"{LEFTOVERS}{number:012d}")


def leftover_list(stage: str, shard: int) -> str:
    """Return one of the lists that hold the leftovers of a stage."""
    return f"{stage}#{shard:02d}"


def leftover_listing(stage: str, since: datetime, zone_id: str, number: int) -> ItemKey:
    """Return the place of a leftover in the lists of its stage, the oldest first."""
    shard = zlib.crc32(zone_id.encode()) % LEFTOVER_SHARDS
    return _listed(leftover_list(stage, shard), since, f"{zone_id}#{number:012d}")


def change(zone_id: str, created: datetime, change_id: str) -> ItemKey:
    """Return the key of an entry of a zone's history."""
    return _of_zone(zone_id, f"{CHANGES}{clock.to_text(created)}#{change_id}")


def dry_run(zone_id: str, dry_run_id: str) -> ItemKey:
    """Return the key of the report of a dry run."""
    return _of_zone(zone_id, f"{DRY_RUNS}{dry_run_id}")


def running_dry_run(zone_id: str) -> ItemKey:
    """Return the key of the lease that limits a zone to one dry run at a time."""
    return _of_zone(zone_id, "DRYRUN")


def share(zone_id: str, share_id: str) -> ItemKey:
    """Return the key of a share of a zone. `zone_listing` of the target group lists it."""
    return _of_zone(zone_id, f"{SHARES}{share_id}")


def delivery(zone_id: str) -> ItemKey:
    """Return the key of the delivery of a zone."""
    return _of_zone(zone_id, "DELIVERY")


def open_offer(zone_id: str) -> ItemKey:
    """Return the key of the item that limits a zone to one open offer."""
    return _of_zone(zone_id, "OFFER")


# --- Offers

OFFER = "OFFER"
"""The sort key of an offer."""


def offer(offer_id: str) -> ItemKey:
    """Return the key of an offer of a zone."""
    return _single(OFFER, offer_id)


def offer_to_target(offer_id: str) -> ItemKey:
    """Return the key of the copy of an offer that is in the list of the target group."""
    return {"pk": f"OFFER#{offer_id}", "sk": "TARGET"}


def offer_list(group_id: str) -> str:
    """Return the list of the offers by a group and to it."""
    return f"OFFERS#{group_id}"


def offer_listing(group_id: str, created: datetime, offer_id: str) -> ItemKey:
    """Return the place of an offer in the list of a group."""
    return _listed(offer_list(group_id), created, offer_id)


def acceptance(acceptance_id: str) -> ItemKey:
    """Return the key of an acceptance of an offer."""
    return _single("ACCEPTANCE", acceptance_id)


def acceptance_list(group_id: str) -> str:
    """Return the list of the acceptances by a group."""
    return f"ACCEPTANCES#{group_id}"


def acceptance_listing(group_id: str, created: datetime, acceptance_id: str) -> ItemKey:
    """Return the place of an acceptance in the list of the group that accepted."""
    return _listed(acceptance_list(group_id), created, acceptance_id)


# --- Groups and users

GROUPS = "GROUPS"
"""The list of all groups."""
TALLIES = "TALLIES"
"""The list of all tallies: every group that ever had a zone."""
USERS = "USERS"
"""The list of all users."""


def group_partition(group_id: str) -> str:
    """Return the partition that holds a group with its changes, tally and quotas."""
    return f"GROUP#{group_id}"


def group(group_id: str) -> ItemKey:
    """Return the key of an owner group."""
    return _single("GROUP", group_id)


def group_place(name: str, group_id: str) -> str:
    """Return the place of a group in lists: by name, in any case of letters, and then by id."""
    return f"{name.casefold()}#{group_id}"


def group_listing(name: str, group_id: str) -> ItemKey:
    """Return the place of a group in the list of all groups, by name."""
    return {"gsi1pk": GROUPS, "gsi1sk": group_place(name, group_id)}


def group_name(name: str) -> ItemKey:
    """Return the key of the item that claims a group name, in any case of letters."""
    return _single("GROUPNAME", name.casefold())


def tally(group_id: str) -> ItemKey:
    """Return the key of the numbers of zones, shares and TSIG keys of a group."""
    return {"pk": group_partition(group_id), "sk": "TALLY"}


def tally_listing(group_id: str) -> ItemKey:
    """Return the place of a group's tally in the list of all tallies."""
    return {"gsi1pk": TALLIES, "gsi1sk": group_id}


def quotas(group_id: str) -> ItemKey:
    """Return the key of the quotas in which a group differs from the deployment."""
    return {"pk": group_partition(group_id), "sk": "QUOTAS"}


def user(user_id: str) -> ItemKey:
    """Return the key of a user."""
    return _single("USER", user_id)


def user_listing(name: str, user_id: str) -> ItemKey:
    """Return the place of a user in the list of all users, by name."""
    return {"gsi1pk": USERS, "gsi1sk": f"{name.casefold()}#{user_id}"}


def user_name(name: str) -> ItemKey:
    """Return the key of the item that claims a user name, in any case of letters."""
    return _single("USERNAME", name.casefold())


LONGEST_NAME = 255
"""Characters of a user's name. In a key of the table each may take eight bytes, and a key has 2,048 at most."""

LONGEST_ACCESS_KEY = 128
"""Characters of an access key, as AWS has it. A longer text may exceed the size of a key of the table."""


def access_key(key: str) -> ItemKey:
    """Return the key of the item that names the user of an access key."""
    return _single("ACCESSKEY", key)


# --- TSIG keys

TSIG_KEYS = "TSIGKEYS"
"""The list of the TSIG keys that count for no group: those of the pool, and those that earlier releases stored."""


def tsig_key(key_id: str) -> ItemKey:
    """Return the key of a TSIG key."""
    return _single("TSIGKEY", key_id)


def tsig_list(group_id: str | None) -> str:
    """Return the list of the TSIG keys that count for a group, or for no group."""
    return f"{TSIG_KEYS}#{group_id}" if group_id else TSIG_KEYS


def tsig_listing(group_id: str | None, created: datetime, key_id: str) -> ItemKey:
    """Return the place of a TSIG key in the list of the group that it counts for, or of no group."""
    return _listed(tsig_list(group_id), created, key_id)


def tsig_count(zone_id: str) -> ItemKey:
    """Return the key of the number of a zone's TSIG keys."""
    return _of_zone(zone_id, "TSIGKEYS")


def tsig_names(resource_id: str) -> str:
    """Return the partition that holds the names of the TSIG keys of a zone, or of the pool, by name."""
    return f"TSIG#{resource_id}"


def tsig_name(resource_id: str, name: str) -> ItemKey:
    """Return the key of the item that claims the name of a TSIG key in its zone, or in the pool."""
    return {"pk": tsig_names(resource_id), "sk": name}


# --- Pools: few, and read together when a zone is created

POOLS = "POOLS"
"""The partition that holds all pools, and their names."""

POOL = "POOL#"
"""The prefix of the sort keys of pools."""

COUNT_SHARDS = 16
"""Items that count the zones of a pool, or of a backend.

Each creation of a zone writes one, and one item would make them wait.
"""


def pool(pool_id: str) -> ItemKey:
    """Return the key of a pool."""
    return {"pk": POOLS, "sk": f"{POOL}{pool_id}"}


def catalog_entries(pool_id: str) -> str:
    """Return the partition of the zones that the catalog of a pool has to take or to drop."""
    return f"CATALOG#{pool_id}"


def catalog_entry(pool_id: str, zone_id: str) -> ItemKey:
    """Return the key of a zone that the catalog of a pool has to take or to drop."""
    return {"pk": catalog_entries(pool_id), "sk": zone_id}


def pool_name(name: str) -> ItemKey:
    """Return the key of the item that claims the name of a pool, in any case of letters."""
    return {"pk": POOLS, "sk": f"NAME#{name.casefold()}"}


def pool_zones(pool_id: str, zone_id: str) -> ItemKey:
    """Return the key of the item that counts a zone among those of a pool."""
    return shard_of(f"{POOL}{pool_id}", zone_id)


def pool_counts(pool_id: str) -> list[ItemKey]:
    """Return the keys of all items that count the zones of a pool. They exist as long as the pool."""
    return [shard(f"{POOL}{pool_id}", number) for number in range(COUNT_SHARDS)]


def shard_of(counted: str, zone_id: str) -> ItemKey:
    """Return the key of the item that counts a zone for something. `counted` begins its partition."""
    return shard(counted, zlib.crc32(zone_id.encode()) % COUNT_SHARDS)


def shard(counted: str, number: int) -> ItemKey:
    """Return the key of one of the COUNT_SHARDS items that count zones for something."""
    return {"pk": f"{counted}#{number:x}", "sk": "ZONES"}


# --- Tasks


def zone_task(kind: str, task_id: str) -> ItemKey:
    """Return the key of a task. `kind` is IMPORT or EXPORT."""
    return _single(kind, task_id)


def zone_task_list(kind: str, group_id: str) -> str:
    """Return the list of the tasks of one kind of a project."""
    return f"{kind}S#{group_id}"


def zone_task_listing(kind: str, group_id: str, created: datetime, task_id: str) -> ItemKey:
    """Return the place of a task in the list of its project."""
    return _listed(zone_task_list(kind, group_id), created, task_id)


# --- Budgets of a group, not in its own partition: more functions write them


def slots(kind: str, group_id: str) -> str:
    """Return the partition that holds the slots of one kind of a group: RUNS or UPLOADS."""
    return f"{kind}#{group_id}"


def slot(kind: str, group_id: str, number: int) -> ItemKey:
    """Return the key of a slot of a group."""
    return {"pk": slots(kind, group_id), "sk": f"{number:05d}"}


def begins(group_id: str, minute: datetime) -> ItemKey:
    """Return the key of the number of syncs that the callers of a group began in a minute."""
    return {"pk": f"BEGINS#{group_id}", "sk": clock.to_text(minute)}


# --- Single items

SWEEP: ItemKey = {"pk": "SWEEP", "sk": "SWEEP"}
"""The key of the sweeper's progress through all objects."""

AUTHORITIES: ItemKey = {"pk": "AUTHORITIES", "sk": "AUTHORITIES"}
"""The key of the operator's own certificate authorities."""


def settings(section: str) -> ItemKey:
    """Return the key of a section of the settings that the table keeps."""
    return {"pk": "SETTINGS", "sk": section}
