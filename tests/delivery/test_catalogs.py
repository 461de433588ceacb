"""The catalog zone of a pool (RFC 9432): it has the zones of the pool, and is pushed as they are."""

import pytest
from primaries import Bind, require
from support.delivering import KEY, NAME, held
from support.service import CALLER
from zonewright.actions import zones
from zonewright.errors import Invalid
from zonewright.operations import pools as commands
from zonewright.protocol.types import PTR
from zonewright.store import catalogs, pools
from zonewright.store import zones as store

pytestmark = pytest.mark.primary

CATALOG = "catalog.example."
EMPTY = "$TTL 300\n@ SOA a.invalid. b.invalid. 1 2 3 4 5\n@ NS a.invalid.\n"
FILE = """
name: default
ns_records: [{hostname: ns1.example.net.}]
catalog_zone: catalog.example.
targets:
  - type: rfc2136
    tsigkey_id: %s
    options: {host: 127.0.0.1, port: %d}
"""


@pytest.fixture
def server():
    """A BIND that has a zone and a catalog, with SOA and NS only."""
    require(Bind)
    names = (NAME, "other.example.", CATALOG)
    server = Bind(dict.fromkeys(names, EMPTY), keys=[KEY], require_key=dict.fromkeys(names, KEY.name))
    server.updates = True
    with server:
        yield server


@pytest.fixture
def apply(service, server, tmp_path):
    """A function that applies a pool file."""
    service.target(server)

    def applied(text=None):
        (tmp_path / "pools.yaml").write_text(text or FILE % (KEY.name, server.port))
        return commands.apply(service, str(tmp_path / "pools.yaml"), dry_run=False)["pools"][0]

    return applied


def members(service, server):
    """Deliver all that is begun. Return the names that the catalog at the server lists."""
    while service.begun:
        assert service.deliver(service.begun.pop()) in ("delivered", "held", "nothing", "ended")
    return sorted(rr.rdata for rr in held(server, CATALOG) if rr.type == PTR)


def wire(*names):
    return sorted(b"".join(bytes([len(label)]) + label.encode() for label in name.split(".")) for name in names)


def test_a_catalog_has_the_zones_of_the_pool_as_they_come_and_go(service, server, apply):
    old = service.make(NAME)
    assert apply()["delivering"] == 2
    assert members(service, server) == wire(NAME)
    new = service.make("other.example.")
    assert members(service, server) == wire(NAME, "other.example.")
    zones.delete(service, service.zone(old.id), caller=CALLER)

    assert members(service, server) == wire("other.example.")
    (pool,) = pools.listing(service.table)
    assert catalogs.listing(service.table, pool) == []
    assert apply()["change"] == "none"
    assert service.zone(new.id).delivered.version == 1


def test_a_catalog_takes_no_name_of_another_zone_and_is_in_no_list_of_a_project(service, apply):
    other = service.make(CATALOG)
    with pytest.raises(Invalid, match="is the name of another zone"):
        apply()
    zones.delete(service, service.zone(other.id), caller=CALLER)
    apply(FILE.replace("name: default", "name: default\nthreshold: 50") % (KEY.name, 1024))

    assert store.named(service.table, CATALOG)
    assert store.count(service.table, CALLER.group_id) == 0


def test_a_turn_that_died_between_changes_nothing_the_second_time(service, server, apply, monkeypatch):
    apply()
    members(service, server)
    service.make(NAME)
    with monkeypatch.context() as patched:
        patched.setattr(catalogs, "done", lambda *_: None)
        patched.setattr("zonewright.delivery.turn._Turn._absorbed", _absorbed_once)
        assert members(service, server) == wire(NAME)
    version = store.named(service.table, CATALOG).version
    service.begun.append(store.named(service.table, CATALOG).id)
    (pool,) = pools.listing(service.table)
    service.table.write(catalogs.deliveries.called(pool.catalog_id, "g", service.now()))

    assert members(service, server) == wire(NAME)
    assert (store.named(service.table, CATALOG).version, catalogs.listing(service.table, pool)) == (version, [])


def _absorbed_once(turn):
    from zonewright.actions import catalogs as actions

    once, turn.asks = not turn.asks, 1
    return once and actions.absorb(turn.service, turn.zone, turn.pool)
