"""Fixtures of the tests of Designate's routes."""

import pytest
from support.calls import call, event

from functions.designate import create_zone


@pytest.fixture
def zone(service):
    """A PRIMARY zone of the first tenant."""
    return call(create_zone.handler, event("designate_create_zone")).json["zone"]
