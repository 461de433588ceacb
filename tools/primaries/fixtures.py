"""Fixtures over the real servers, for `from primaries.fixtures import ...` in a conftest."""

import pytest

from primaries import REAL, Program, require


@pytest.fixture(params=[pytest.param(server, id=server.__name__, marks=pytest.mark.primary) for server in REAL])
def real_server(request: pytest.FixtureRequest) -> type[Program]:
    """Return the class of each real server in turn. Skip the test if the server is not installed."""
    require(request.param)
    return request.param
