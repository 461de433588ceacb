"""Several primaries of one zone."""

import re
from dataclasses import replace

import dns.rcode
import pytest
from primaries import Hostile, hostile
from support.service import primary
from support.texts import FIRST, GUARDED, SECOND, ZONE
from zonewright.model.change import ChangeStatus
from zonewright.model.order import SyncOptions
from zonewright.model.zone import Primary


def test_the_first_primary_that_answers_is_taken(service, server):
    with Hostile({ZONE: FIRST}, hostile.rcode(dns.rcode.SERVFAIL)) as broken:
        zone = service.create(ZONE, Primary("127.0.0.1", 1024), primary(broken), primary(server))
        _, change = service.work()

    assert change.status is ChangeStatus.SYNCED
    assert service.zone(zone.id).version == 1


def test_all_primaries_share_the_time_of_one_transfer(service, server):
    service.settings = replace(service.settings, transfer_timeout=3, idle_timeout=2)
    server.behave(hostile.drip(1, 0.2))
    service.create(ZONE, primary(server), primary(server), primary(server))

    _, change = service.work()

    assert re.findall(r"the transfer was not over within (\d+) s", change.reason) == ["3", "0", "0"]


def test_where_no_primary_answers_the_history_has_what_each_of_them_said(service, server):
    server.behave(hostile.rcode(dns.rcode.REFUSED))
    service.create(ZONE, Primary("127.0.0.1", 1024), Primary("169.254.169.254", 53), primary(server))

    _, change = service.work()

    assert change.reason == (
        "127.0.0.1:1024: no connection to 127.0.0.1:1024: Connection refused; "
        "169.254.169.254: this service may not transfer from 169.254.169.254 port 53; "
        f"{primary(server)}: the primary answered REFUSED"
    )


@pytest.mark.parametrize("mode", ["axfr", "auto"])
@pytest.mark.parametrize(
    ("guard", "said"),
    [
        ({"deleted_percent": 50}, "more than the 50 % a sync may delete"),
        ({"zone_records": 7}, "the zone has more than 7 records, the most it may have"),
    ],
    ids=["share", "size"],
)
def test_a_guards_refusal_does_not_select_the_next_primary(mode, guard, said, service, server):
    with Hostile({ZONE: GUARDED}) as lagging:
        zone = service.create(ZONE, primary(server), primary(lagging))
        server.reload(ZONE, GUARDED.replace("joe\\.doe 1 ", "joe\\.doe 2 "))
        service.work()
        service.settings = replace(service.settings, **guard)
        server.reload(ZONE, SECOND.replace("joe\\.doe 2 ", "joe\\.doe 3 "))
        service.request(zone.id, options=SyncOptions(mode))

        status, change = service.work()

    kept = service.zone(zone.id)
    assert (status, change.status, kept.version, kept.serial) == ("FAILED", ChangeStatus.FAILED, 1, 2)
    assert change.reason.startswith(f"{primary(server)}: ")
    assert said in change.reason
    assert str(primary(lagging)) not in change.reason
