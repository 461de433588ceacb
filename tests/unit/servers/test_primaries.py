"""The order in which a sync tries the primaries of a zone."""

from datetime import UTC, datetime

import pytest
from zonewright.errors import PrimaryUnreachable, TransferRefused
from zonewright.model.zone import Primary, Zone, ZoneType
from zonewright.protocol.transfer import Soa
from zonewright.servers import primaries
from zonewright.servers.primaries import Look

HALF = 2**31


def zone(serial=None):
    """A zone that holds contents of this serial, or none."""
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    return Zone("id", "a.", "group", ZoneType.SECONDARY, moment, version=serial is not None, serial=serial)


def looks(*said):
    """Primaries `0`, `1`, ..., with their serials or their errors."""
    return [
        Look(Primary(str(at)), None, each)
        if isinstance(each, Exception)
        else Look(Primary(str(at)), Soa(each, 60, "."))
        for at, each in enumerate(said)
    ]


REFUSED, UNREACHABLE = TransferRefused("refused"), PrimaryUnreachable("unreachable")


@pytest.mark.parametrize(
    ("held", "said", "order"),
    [
        pytest.param(None, [5, 9, 7], "120", id="the newest first"),
        pytest.param(None, [5, 9, 9, 5], "1203", id="equal ones as they stand"),
        pytest.param(None, [4294967290, 3, 4294967295], "120", id="serials wrap"),
        pytest.param(7, [5, 9, 7, 6, 8], "14", id="newer than the zone, if the newest is"),
        pytest.param(7, [5, 7, 6, 7], "13", id="equal to the zone, if the newest is"),
        pytest.param(7, [5, 6, UNREACHABLE], "10", id="older than the zone, if all are"),
        pytest.param(7, [5, REFUSED, 9], "21", id="without an SOA behind the newer ones"),
        pytest.param(7, [5, REFUSED], "10", id="without an SOA before the older ones"),
        pytest.param(7, [UNREACHABLE, 9], "1", id="without a connection not at all"),
        pytest.param(0, [HALF, REFUSED], "10", id="not comparable as older"),
        pytest.param(None, [0, HALF - 1, HALF + 1], "210", id="newer in a circle"),
    ],
)
def test_primaries_are_tried_in_this_order(held, said, order):
    assert "".join(each.primary.host for each in primaries.in_order(zone(held), looks(*said))) == order
