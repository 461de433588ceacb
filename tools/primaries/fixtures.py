"""Fixtures over the real servers, for `from primaries.fixtures import ...` in a conftest."""

import pytest

from primaries import REAL, Program, require


@pytest.fixture(params=[pytest.param(server, id=server.__name__, marks=pytest.mark.primary) for server in REAL])
def real_server(request: pytest.FixtureRequest) -> type[Program]:
    """Each real server's class in turn; the test is skipped where it is not installed."""
    require(request.param)
    return request.param
