"""What the tests of Designate's routes begin with."""

import pytest
from support.calls import call, event

from functions.designate import create_zone


@pytest.fixture
def zone(service):
    return call(create_zone.handler, event("designate_create_zone")).json["zone"]
