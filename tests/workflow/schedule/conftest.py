import pytest
from support.dispatching import OneAtATime
from zonewright.store.table import Table


@pytest.fixture
def service(service):
    """The service, for threads."""
    service.table = Table(OneAtATime(service.table.client), service.table.name)
    return service
