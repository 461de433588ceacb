"""Callers of a stack whose AWS fails now and then."""

import pytest
from support.faults import Patient


@pytest.fixture
def api(service):
    """The API as the first tenant, who repeats reads that fail."""
    return Patient(service["ZONEWRIGHT_URL"], service["ZONEWRIGHT_TOKEN"])
