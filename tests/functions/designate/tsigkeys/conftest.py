import pytest
from support import people
from support.calls import STRANGERS_GROUP
from support.tsigkeys import MINE, OTHER, THEIRS
from zonewright.store import zones


@pytest.fixture(autouse=True)
def tenants(service):
    """Two zones of the first tenant's, one of the stranger's; a super and a support user in the latter's group."""
    for zone in (MINE, OTHER, THEIRS):
        service.table.write(*zones.create(zone))
    for name, right in (("root", "is_super"), ("support", "is_support")):
        people.user(service, name, STRANGERS_GROUP, **{right: True})
    return service
