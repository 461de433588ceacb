"""Keys of backends. Backends are few, and read together.

| item                | pk                | sk         |
| backend             | BACKENDS          | BACKEND#id |
| default backend     | BACKENDS          | DEFAULT    |
| zones of a backend  | BACKEND#id#shard  | ZONES      |
"""

from zonewright.store.keys import COUNT_SHARDS, ItemKey, shard, shard_of

BACKENDS = "BACKENDS"
"""The partition that holds all backends."""

BACKEND = "BACKEND#"
"""The prefix of the sort keys of backends."""

DEFAULT: ItemKey = {"pk": BACKENDS, "sk": "DEFAULT"}
"""The key of the item that names the default backend."""


def backend(backend_id: str) -> ItemKey:
    """Return the key of a backend."""
    return {"pk": BACKENDS, "sk": f"{BACKEND}{backend_id}"}


def zones(backend_id: str, zone_id: str) -> ItemKey:
    """Return the key of the item that counts a zone among those that name a backend, or none."""
    return shard_of(f"{BACKEND}{backend_id}", zone_id)


def counts(backend_id: str) -> list[ItemKey]:
    """Return the keys of all items that count the zones of a backend."""
    return [shard(f"{BACKEND}{backend_id}", number) for number in range(COUNT_SHARDS)]
