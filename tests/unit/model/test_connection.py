from dataclasses import replace
from datetime import UTC, datetime

import pytest
from zonewright.model.connection import Connection, Connections, Exchange, Usage
from zonewright.model.zone import Primary, Zone, ZoneType

UPDATES = Connection("updates", "update.", "hmac-sha256", b"sealed", "z1", "192.0.2.1:5300")
TRANSFERS = Connection("transfers", "transfer.", "hmac-md5", b"other", "z1", "ns.example.net")
ZONE = Zone("z1", "example.org.", "dns-id", ZoneType.SECONDARY, datetime(2026, 1, 15, tzinfo=UTC))


@pytest.mark.parametrize(
    ("usage", "updates", "transfers"),
    [
        (Usage.ALWAYS, UPDATES, TRANSFERS),
        (Usage.UPDATE, UPDATES, None),
        (Usage.TRANSFER, None, TRANSFERS),
        (Usage.NEVER, None, None),
    ],
)
def test_the_usage_tells_which_exchanges_are_signed(usage, updates, transfers):
    found = Connections(UPDATES, TRANSFERS, usage)

    assert found.updates == Exchange(Primary("192.0.2.1", 5300), updates)
    assert found.transfers == Exchange(Primary("ns.example.net"), transfers)


def test_transfers_come_from_the_connection_without_one_of_their_own():
    assert Connections(UPDATES).transfers == Exchange(UPDATES.primary, UPDATES)


def test_a_stand_in_tells_keys_apart_and_shows_nothing_of_them():
    shown = UPDATES.stand_in

    assert shown.startswith("ENC:")
    assert shown != replace(UPDATES, secret=b"another").stand_in
    assert shown == replace(UPDATES, name="renamed").stand_in
    assert "sealed" not in repr(UPDATES)


@pytest.mark.parametrize(
    ("zone", "wanted"),
    [
        (ZONE, False),
        (replace(ZONE, connection=UPDATES), True),
        (replace(ZONE, backend_id="lab"), True),
        (replace(ZONE, backend_id=""), True),
        (replace(ZONE, transfer_connection=TRANSFERS), False),
        (replace(ZONE, type=ZoneType.PRIMARY, backend_id="lab"), False),
    ],
    ids=["masters", "connection", "backend", "default backend", "transfers only", "kept here"],
)
def test_a_copy_with_a_connection_or_a_backend_is_updatable(zone, wanted):
    assert zone.updatable is wanted
