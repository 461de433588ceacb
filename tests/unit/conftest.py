"""Block the network in unit tests."""

import pytest
from pytest_socket import disable_socket, enable_socket


@pytest.fixture(autouse=True)
def no_network():
    disable_socket()
    yield
    enable_socket()
