"""A zone service for the tests of the dispatcher, which uses threads."""

import pytest
from support.dispatching import OneAtATime
from zonewright.store.table import Table


@pytest.fixture
def service(service):
    """The service, with a table that threads may share."""
    service.table = Table(OneAtATime(service.table.client), service.table.name)
    return service
