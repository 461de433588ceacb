"""Zone transfer over TLS (RFC 9103) from a real primary."""

import dns.name
import pytest
from primaries import Bind, Key, certificates, require
from primaries.server import free_port
from zonewright.errors import PrimaryUntrusted
from zonewright.model.zone import Primary
from zonewright.protocol.transfer import Transfer
from zonewright.protocol.tsig import Key as SigningKey
from zonewright.servers import connection

ZONE = "example.org."
TEXT = """
$TTL 300
@     SOA   ns host 7 7200 900 1209600 300
      NS    ns
ns    A     192.0.2.1
"""
KEY = Key.of("transfer.example.")
ADDRESS = "127.0.0.1"

pytestmark = pytest.mark.primary


def serving(certificate, private):
    require(Bind)
    server = Bind({ZONE: TEXT}, [KEY], {ZONE: KEY.name})
    server.tls = (free_port(), certificate, private)
    return server


def records(server, trusted, host=ADDRESS):
    """How many RRs come over TLS."""
    limits = {"first": 5, "idle": 5, "total": 10, "rate": 0, "octets": 10_000}
    reach = connection.Reach(("127.0.0.0/8",), "1-65535", **limits, certificates=trusted)
    machine = Transfer(dns.name.from_text(ZONE), SigningKey(KEY.name, KEY.algorithm, KEY.secret))
    for _ in connection.transfer(machine, Primary(host, server.tls[0], tls=True), reach):
        pass
    return machine.records


def test_a_zone_comes_over_tls_signed_by_a_key_as_well():
    certificate, private = certificates.self_signed(ADDRESS)

    with serving(certificate, private) as server:
        assert records(server, certificate) == 3


def test_a_name_is_what_the_certificate_must_be_for():
    certificate, private = certificates.self_signed("localhost")

    with serving(certificate, private) as server:
        assert records(server, certificate, "localhost") == 3
        with pytest.raises(PrimaryUntrusted, match="IP address mismatch"):
            records(server, certificate)


@pytest.mark.parametrize(
    ("days", "believed", "said"),
    [(1, False, "self-signed certificate"), (-1, True, "certificate has expired")],
    ids=["not believed", "run out"],
)
def test_a_certificate_that_does_not_hold_ends_the_transfer(days, believed, said):
    certificate, private = certificates.self_signed(ADDRESS, days=days)

    with serving(certificate, private) as server, pytest.raises(PrimaryUntrusted, match=said):
        records(server, certificate if believed else "")


def test_a_server_without_tls_is_not_asked_in_clear():
    certificate, private = certificates.self_signed(ADDRESS)

    with serving(certificate, private) as server:
        server.tls = (server.port, certificate, private)
        with pytest.raises(PrimaryUntrusted):
            records(server, certificate)
