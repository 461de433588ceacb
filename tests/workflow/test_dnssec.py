"""A signed zone of a real primary: every RR keeps its TTL, by AXFR and by IXFR."""

import subprocess

import pytest
from primaries import Bind, require, require_dig
from support.service import CALLER, primary
from zonewright.actions import exports, zones
from zonewright.model.change import ChangeStatus
from zonewright.model.order import SyncOptions

ZONE = "signed.example."

TEXT = """
$ORIGIN signed.example.
$TTL 300
@        SOA   ns1 joe {serial} 3600 600 86400 60
         NS    ns1
         NS    Ns2.example.net.
@   900  MX    10 mail
@     0  TYPE65534 \\# 5 0d30390001
ns1      A     192.0.2.53
mail 600 A     192.0.2.25
mail     AAAA  2001:db8::25
www   30 A     192.0.2.80
www   30 A     192.0.2.81
*.wild   CNAME www
sub      NS    ns.sub
sub      DS    12345 13 2 0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF
ns.sub   A     192.0.2.54
"""


@pytest.fixture(scope="module")
def sign(tmp_path_factory):
    """Return a function that signs a master file with two keys and returns the signed one."""
    require(Bind)
    require_dig()
    folder = tmp_path_factory.mktemp("keys")

    def run(*command):
        return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout

    for flags in ([], ["-f", "KSK"]):
        run("dnssec-keygen", "-a", "ECDSAP256SHA256", *flags, ZONE)

    def signed(text, *options):
        (folder / "zone").write_text(text)
        run("dnssec-signzone", "-S", "-o", ZONE, "-f", "out", *options, "zone")
        return (folder / "out").read_text()

    return signed


def served(server):
    """Every RR as `dig` shows it: owner, TTL, type, rdata."""
    asked = ["dig", f"@{server.host}", "-p", str(server.port), "+noall", "+answer", "+onesoa", ZONE, "AXFR"]
    return rrs(subprocess.run(asked, check=True, capture_output=True, text=True).stdout)


def exported(service, zone_id):
    """Every RR of an export, as BIND's own reader shows it."""
    zone = zones.owned(service, zone_id, caller=CALLER)
    text = exports.export(service, zone, service.version(zone_id)).text
    made = subprocess.run(
        ["named-checkzone", "-q", "-D", "-i", "none", "-k", "ignore", "-s", "full", "-o", "-", ZONE, "/dev/stdin"],
        input=text,
        check=True,
        capture_output=True,
        text=True,
    )
    return rrs(made.stdout)


def rrs(text):
    """Each RR of a text with one RR a line. Blanks within rdata are a matter of taste."""
    fields = [line.split(None, 4) for line in text.splitlines() if line and line[0] not in ";$"]
    return sorted((owner, ttl, rdtype, "".join(rdata.split())) for owner, ttl, _, rdtype, rdata in fields)


def synced(service, zone_id, mode):
    service.request(zone_id, options=SyncOptions(mode))
    _, change = service.work()
    assert change.status is ChangeStatus.SYNCED, change.reason
    return change


@pytest.mark.primary
def test_a_signed_zone_and_its_export_have_the_ttl_of_every_rr(path, service, sign):
    with Bind({ZONE: sign(TEXT.format(serial=1))}) as server:
        zone = service.create(ZONE, primary(server))
        _, change = service.work()
        expected = served(server)
        status, report = service.dry_run(zone.id)

    assert (change.status, change.reason) == (ChangeStatus.SYNCED, None)
    assert len({ttl for _, ttl, rdtype, _ in expected if rdtype == "RRSIG"}) > 3
    assert exported(service, zone.id) == expected
    assert (status, report.in_sync, report.change.counts.moved) == ("SUCCEEDED", True, 0)


@pytest.mark.primary
def test_a_zone_that_is_signed_anew_is_the_same_by_increments(service, sign):
    server = Bind({ZONE: sign(TEXT.format(serial=1), "-e", "now+2592000")})
    server.increments = True
    with server:
        zone = service.create(ZONE, primary(server))
        service.work()
        for serial, edits in enumerate([[], [("www   30", "www   45")], [("mail     AAAA  2001:db8::25\n", "")]], 2):
            text = TEXT.format(serial=serial)
            for old, new in edits:
                text = text.replace(old, new)
            server.reload(ZONE, sign(text, "-e", f"now+{2592000 + serial}"))

            change = synced(service, zone.id, "ixfr")
            expected = served(server)
            _, report = service.dry_run(zone.id)
            compared = synced(service, zone.id, "axfr")

            assert (change.transfer, change.serial, change.reason) == ("IXFR", serial, None)
            assert exported(service, zone.id) == expected
            assert (report.in_sync, report.change.counts.moved) == (True, 0)
            assert (compared.counts.moved, compared.version) == (0, change.version)
