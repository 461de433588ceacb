"""Connections in the items of zones and of backends. Most zones have none, so their readers load no module for them."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from zonewright.store import keys
from zonewright.store.conditions import Condition
from zonewright.store.table import ConditionFailed, Item, Table, Update, without_none

if TYPE_CHECKING:
    from zonewright.model.connection import Connection
    from zonewright.model.zone import Zone


def of_zone(zone: "Zone") -> Item:
    """Return the attributes of a zone that say how its primary is reached."""
    return attributes(zone.connection, zone.transfer_connection) | without_none({"backend_id": zone.backend_id})


def fields(item: Item) -> Mapping[str, Any]:
    """Return the fields of a zone that `of_zone` stored. Items of earlier releases have none."""
    return {**both(item), "backend_id": item.get("backend_id")}


def reached(table: Table, zone: "Zone", former: "Zone", held: Condition) -> "Zone":
    """Store the primaries of a zone if they are not the `former` ones, on a condition. Return the zone.

    If the condition is false, another sync holds the zone, and this one will find that out by itself.
    """
    if zone.primaries != former.primaries:
        there = {"primaries": [str(each) for each in zone.primaries]}
        with suppress(ConditionFailed):
            table.write(Update(keys.zone(zone.id), set=there, condition=held))
    return zone


def attributes(connection: "Connection | None", transfer_connection: "Connection | None") -> Item:
    """Return the attributes of two connections."""
    found = {"connection": connection, "transfer_connection": transfer_connection}
    return {name: asdict(each) for name, each in found.items() if each}


def both(item: Item) -> "Mapping[str, Connection | None]":
    """Return the connections that `attributes` stored, by the names of their fields."""
    return {name: _connection(item.get(name)) for name in ("connection", "transfer_connection")}


def _connection(item: Item | None) -> "Connection | None":
    if item is None:
        return None
    from zonewright.model.connection import Connection

    return Connection(**item)
