"""Several primaries of one zone."""

import re
from dataclasses import replace

import dns.rcode
from primaries import Hostile, hostile
from support.service import primary
from support.texts import FIRST, ZONE
from zonewright.model.change import ChangeStatus
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
