"""Users of the tests of zone transfers."""

import pytest
from support import people
from support.calls import GROUP


@pytest.fixture
def third(service):
    """A third project, whose user has a token."""
    people.group(service, "third")
    people.user(service, "third", "third")
    return "third"


@pytest.fixture
def operator(service):
    """The headers of a super user of the first project."""
    return people.user(service, "op", GROUP, is_super=True)
