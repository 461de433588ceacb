"""The zone that an operator names."""

import pytest
from zonewright.errors import ZoneNotFound
from zonewright.operations.naming import zone_of


@pytest.mark.parametrize("named", ["", " ", ".", "..", "x", "a b", "example.org", "é.example.", "x" * 3000, "ZONE#1"])
def test_what_is_no_zone_is_not_found(service, named):
    with pytest.raises(ZoneNotFound):
        zone_of(service, named)
