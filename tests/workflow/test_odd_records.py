"""Records that a library dislikes never keep a zone out: what name servers copy, a sync copies."""

from primaries.fixtures import real_server  # noqa: F401 - a fixture
from support.service import primary
from support.texts import FIRST, ZONE
from zonewright.model.change import ChangeStatus
from zonewright.protocol.zonefile import reader, writer

ODD = {
    "alias": ("HTTPS", "000001610000010003026832"),
    "svcb": ("SVCB", "00000161000003000201bb"),
    "ech": ("HTTPS", "00010000050003010203"),
    "noech": ("HTTPS", "00010000050000"),
}
"""Owner, type and rdata. BIND, NSD and Knot serve all of them."""
NUMBERS = {"HTTPS": 65, "SVCB": 64}
TEXT = FIRST + "".join(
    f"{owner} TYPE{NUMBERS[kind]} \\# {len(text) // 2} {text}\n" for owner, (kind, text) in ODD.items()
)
SHOWN = {f"{owner} 300 {kind} \\# {len(text) // 2} {text}" for owner, (kind, text) in ODD.items()}
LINES = {f"{owner}\t{NUMBERS[kind]}\t300\t{text}" for owner, (kind, text) in ODD.items()}


def test_odd_records_are_copied_from_a_real_primary(path, service, real_server):  # noqa: F811
    with real_server({ZONE: TEXT}) as server:
        zone = service.create(ZONE, primary(server))
        _, change = service.work()

    assert (change.status, change.records) == (ChangeStatus.SYNCED, 13)
    assert change.reason.startswith("4 records were kept as octets, for their data cannot be read: ")
    assert change.reason.endswith(", ...")
    assert set(service.lines(zone.id)) >= LINES
    assert set(service.texts(zone.id)) >= SHOWN


def test_an_export_of_odd_records_is_imported_as_it_was(service, real_server):  # noqa: F811
    with real_server({ZONE: TEXT}) as server:
        zone = service.create(ZONE, primary(server))
        service.work()
    exported = "".join(writer.write(service.lines(zone.id), ZONE, 300))

    assert set(reader.read(exported, origin=ZONE).lines) >= LINES
