import pytest
from support.dispatching import OneAtATime
from zonewright.store.table import Table


@pytest.fixture
def service(service):
    """The service, for threads."""
    service.run.table = Table(OneAtATime(service.run.table.client), service.run.table.name)
    return service
