"""Keys of the pool sign at the primaries, and for the zones, that the operator lists."""

import pytest
from primaries import Hostile, Key
from support.dispatching import OneAtATime, fire
from support.service import give_key, give_pool_key, primary
from support.texts import FIRST, SECOND, ZONE
from zonewright.model.change import ChangeStatus
from zonewright.model.order import SyncOptions
from zonewright.model.tsigkey import Places
from zonewright.model.zone import Primary
from zonewright.store import tsigkeys
from zonewright.store.table import Table
from zonewright.sync.dispatch import End

ONE, TWO = Key.of("one."), Key.of("two.")
UNSIGNED = "the question was not signed, for the zone has no TSIG key, and no key of the pool is meant for it here"


@pytest.fixture
def service(service):
    service.table = Table(OneAtATime(service.table.client), service.table.name)
    return service


@pytest.fixture
def operators():
    """The operator's primary, which answers nobody without the key ONE."""
    with Hostile({ZONE: FIRST}, keys=[ONE, TWO], require_key={ZONE: ONE.name}) as server:
        yield server


@pytest.fixture
def tenants():
    """A server that a tenant names, with the same zone. It would verify and relay every signature."""
    with Hostile({ZONE: SECOND}, keys=[ONE, TWO]) as server:
        yield server


def signatures(server):
    """The keys that signed the questions to a server; None for a question without a signature."""
    return {query.key for query in server.queries}


def test_a_tenants_server_gets_no_signature_of_the_pool(service, operators, tenants):
    give_pool_key(service, ONE, [primary(operators)])
    mine = service.create(ZONE, primary(operators), primary(tenants))

    status, change = service.work()

    assert (status, change.status) == ("SUCCEEDED", ChangeStatus.SYNCED)
    assert (signatures(operators), signatures(tenants)) == ({ONE.name}, {None})
    assert service.zone(mine.id).source.signer == ""  # the tenant's server is newer


def test_each_primary_is_asked_under_its_own_key_of_the_pool(service, operators, tenants):
    give_pool_key(service, TWO, [primary(tenants)])
    signs = give_pool_key(service, ONE, [primary(operators)], [ZONE])
    tenants.reload(ZONE, FIRST)
    zone = service.create(ZONE, primary(operators), primary(tenants), schedule="refresh")

    service.work()
    outcomes = fire(service, seconds=3601)

    assert (signatures(operators), signatures(tenants)) == ({ONE.name}, {TWO.name})
    assert service.zone(zone.id).source.signer.startswith(f"{signs.id}#1#")
    assert [each.end for each in outcomes] == [End.UNCHANGED]


def test_the_zones_own_key_signs_at_every_primary(service, operators, tenants):
    give_pool_key(service, TWO, [primary(operators), primary(tenants)])
    zone = service.create(ZONE, primary(operators), primary(tenants))
    give_key(service, zone, ONE)

    service.work()

    assert signatures(operators) == signatures(tenants) == {ONE.name}


def test_the_operators_primary_does_not_hand_over_a_zone_that_is_not_listed(service, operators):
    give_pool_key(service, ONE, [primary(operators)], ["other.example."])
    zone = service.create(ZONE, primary(operators), schedule="refresh")

    status, change = service.work()
    (looked,) = fire(service, seconds=3601)

    said = f"{primary(operators)}: the primary answered REFUSED; {UNSIGNED}"
    assert (status, change.status, change.reason) == ("FAILED", ChangeStatus.FAILED, said)
    assert (looked.end, signatures(operators)) == (End.STARTED, {None})
    assert service.zone(zone.id).failure.reason == said
    assert "other.example" not in change.reason


def test_a_name_that_leads_to_a_listed_primary_is_not_that_primary(service, operators):
    give_pool_key(service, ONE, [primary(operators)])
    service.create(ZONE, Primary("localhost", operators.port))

    _, change = service.work()

    assert UNSIGNED in change.reason
    assert signatures(operators) == {None}


@pytest.mark.parametrize("key", ["none", "its own", "the pool's"])
def test_a_refusal_is_not_explained_by_a_missing_key_if_that_is_no_reason(service, tenants, key):
    zone = service.create("other.example.", primary(tenants))
    if key == "its own":
        give_key(service, zone, ONE)
    elif key == "the pool's":
        give_pool_key(service, ONE, [primary(tenants)])

    _, change = service.work()

    assert "the primary answered" in change.reason
    assert "signed" not in change.reason


def test_differences_are_taken_after_the_lists_of_the_key_changed(service, operators):
    key = give_pool_key(service, ONE, [primary(operators)])
    zone = service.create(ZONE, primary(operators))
    service.work()
    operators.reload(ZONE, SECOND)

    tsigkeys.replace(service.table, key, key.changed(service.now(), places=Places((primary(operators),), (ZONE,))))
    service.request(zone.id, options=SyncOptions("auto"))
    _, change = service.work()

    assert (change.status, change.transfer, change.reason) == (ChangeStatus.SYNCED, "IXFR", None)


def test_another_key_for_another_primary_is_none_for_the_source(service, operators, tenants):
    give_pool_key(service, ONE, [primary(operators)])
    tenants.reload(ZONE, FIRST)
    zone = service.create(ZONE, primary(operators), primary(tenants))
    service.work()
    give_pool_key(service, TWO, [primary(tenants)])
    operators.reload(ZONE, SECOND)

    service.request(zone.id, options=SyncOptions("auto"))
    _, change = service.work()

    assert (change.transfer, change.status) == ("IXFR", ChangeStatus.SYNCED)
