"""Which name server takes the updates of a copied zone, and the key that signs them."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from primaries import Bind, Key
from support.updating import line
from zonewright.delivery import reaching
from zonewright.errors import BackendMissing
from zonewright.model.connection import Backend, Connection, Connections, Usage, owner_of
from zonewright.model.diff import Move
from zonewright.model.zone import Primary, Zone, ZoneType
from zonewright.protocol import tsig
from zonewright.protocol.types import A
from zonewright.servers import updating
from zonewright.store import backends
from zonewright.store.vault import Purpose

NOW = datetime(2026, 1, 15, 12, 34, 56, tzinfo=UTC)
ZONE = Zone("z1", "example.org.", "dns-id", ZoneType.SECONDARY, NOW, primaries=(Primary("192.0.2.9"),))
SMALL = "$ORIGIN example.org.\n@ 300 SOA ns1 joe 1 3600 600 86400 300\n@ 300 NS ns1\nns1 300 A 192.0.2.53\n"
SECRET = "c2VjcmV0"


def connection(vault, owner, server):
    sealed = vault.seal(SECRET, owner, Purpose.TSIG)
    return Connection("main", "update.", "hmac-sha256", sealed, owner, server)


def test_the_zones_own_connection_takes_signed_updates(service, vault):
    own = connection(vault, "z1", "192.0.2.1:5300")
    there = connection(vault, "z1", "192.0.2.2")

    found = reaching.primary(service, replace(ZONE, connection=own, transfer_connection=there, backend_id="lab"))

    assert found.server == Primary("192.0.2.1", 5300)
    assert found.key == tsig.Key("update.", "hmac-sha256", SECRET, own.stand_in)
    assert found.zone.to_text() == "example.org."


@pytest.mark.primary
@pytest.mark.parametrize(("usage", "taken"), [(Usage.ALWAYS, True), (Usage.NEVER, False)])
def test_a_primary_whose_updates_need_the_key_takes_those_that_the_backend_signs(service, vault, usage, taken):
    key = Key.of("update.")
    server = Bind({"example.org.": SMALL}, keys=[key], require_key={"example.org.": key.name})
    server.updates = True
    move = Move(None, line("www", A, ["192.0.2.1"], 300))
    with server:
        sealed = vault.seal(key.secret, owner_of("lab"), Purpose.TSIG)
        there = Connection("lab", key.name, key.algorithm, sealed, owner_of("lab"), f"{server.host}:{server.port}")
        backends.put(service.table, Backend("lab", Connections(there, usage=usage)), None, NOW)
        target = reaching.primary(service, replace(ZONE, backend_id="lab"))
        refused = list(updating.refused(target, [move]))

    assert refused == ([] if taken else [move])


@pytest.mark.parametrize(
    ("usage", "signed"), [("always", True), ("update", True), ("transfer", False), ("never", False)]
)
def test_the_usage_of_a_backend_tells_whether_updates_are_signed(service, vault, usage, signed):
    there = Connections(connection(vault, owner_of("lab"), "192.0.2.3"), usage=Usage(usage))
    backends.put(service.table, Backend("lab", there), None, NOW)

    found = reaching.primary(service, replace(ZONE, backend_id="lab"))

    assert found.server == Primary("192.0.2.3")
    assert (found.key is not None) is signed


@pytest.mark.parametrize(
    ("zone", "reason"),
    [
        (ZONE, "it has no connection, and no backend"),
        (replace(ZONE, backend_id="gone"), "its backend gone was deleted"),
        (replace(ZONE, backend_id=""), "there is no default backend"),
    ],
)
def test_without_connection_and_backend_no_name_server_takes_updates(service, zone, reason):
    with pytest.raises(BackendMissing, match=reason):
        reaching.primary(service, zone)
