"""Exports of copied zones: the name servers' own programs accept them, and they say what the primary said."""

import pytest
from primaries import Bind, corpus, require, require_signing, sent, signing
from support.judges import judge
from support.service import primary
from zonewright.actions import exports
from zonewright.errors import MalformedZoneFile
from zonewright.model.change import ChangeStatus
from zonewright.protocol import placement, rrset, types
from zonewright.protocol.zonefile import reader, writer

UNSIGNED = corpus.zones() | corpus.odd() | {"big.example.": corpus.big(500, 7)}

DISLIKED = {
    ("kzonecheck", "odd.example."): "invalid algorithm in DS",
    ("pdnsutil", "odd.example."): "alias.odd.example IN",
    ("kzonecheck", "nsec3.sets.example."): "no valid signature for a record (record type TXT)",
}
"""What a judge has against the data themselves.

A DS of algorithm 0, octets that are no HTTPS, and a signed RRset of 60 KiB, too large for it.
"""


@pytest.fixture(scope="module")
def bind():
    """BIND as the primary of every zone. It keeps the case of names and the TTLs of signatures."""
    require(Bind)
    require_signing()
    with Bind(UNSIGNED | signing.zones()) as server:
        yield server


def judged(zone, file):
    """Return what the judges have against the file of a zone, apart from what they dislike in its data."""
    judges = ["named-checkzone", "kzonecheck", "nsd-checkzone"]
    judges.append("dnssec-verify" if zone in signing.NAMES else "pdnsutil")
    said = {each: judge(each, zone, file) for each in judges}
    return {
        each: text for each, (code, text) in said.items() if code and DISLIKED.get((each, zone), "nothing") not in text
    }


@pytest.mark.primary
@pytest.mark.parametrize(
    ("zone", "as_link"),
    [
        *((zone, False) for zone in (*UNSIGNED, *signing.NAMES)),
        ("names.example.", True),
        ("nsec3.types.example.", True),
    ],
)
def test_an_export_is_accepted_and_served_as_the_primary_serves_the_zone(
    service, bind, zone, as_link, tmp_path, monkeypatch
):
    if as_link:
        monkeypatch.setattr(exports, "INLINE_BYTES", 0)
    made = service.create(zone, primary(bind))
    _, change = service.work()
    made = service.zone(made.id)
    found = exports.version(service, made)
    export = exports.export(service, made, found)
    text = export.text or service.bucket.get(f"exports/{made.id}/{found.number}-{made.ttl}").decode()

    file = tmp_path / "zone"
    file.write_text(text)

    assert (change.status, export.link is not None) == (ChangeStatus.SYNCED, as_link)
    assert judged(zone, file) == {}
    with Bind({zone: text}) as again:
        assert sent.axfr(again, zone) == sent.axfr(bind, zone)


ZONE = "example.org."
APEX = [
    f"\t{types.SOA}\t300\t0000" + "00000001" * 5,
    f"\t{types.NS}\t300\t026e7300",
]
SIGNED_BY = "0d030000012c70000000600000003039" + "076578616d706c65036f726700"
ODD = {
    "docpath": (types.SVCB, "0001" + "00" + "000a0003026864"),
    "an empty docpath": (types.HTTPS, "0001" + "00" + "000a0000"),
    "a mandatory docpath": (types.HTTPS, "0001" + "00" + "00000002000a" + "000a0003026864"),
    "dohpath": (types.SVCB, "0001" + "00" + "0007000c" + b"/q{?dns}path".hex()),
    "ohttp": (types.SVCB, "0001" + "00" + "00080000"),
    "key 9": (types.SVCB, "0001" + "00" + "0009000178"),
    "key 65001": (types.HTTPS, "0001" + "00" + "fde9000322005c"),
    "keys 1 to 6": (
        types.HTTPS,
        "0001" + "00" + "00010003026832" + "00020000" + "0003000201bb" + "0004000401020304" + "00060010" + "20" * 16,
    ),
    "an empty DS": (types.DS, "47b00d05"),
    "an empty CDS": (types.CDS, "47b00d05"),
    "an empty SSHFP": (types.SSHFP, "0103"),
    "an empty TLSA": (types.TLSA, "030100"),
    "an empty SMIMEA": (types.SMIMEA, "030100"),
    "an empty DNSKEY": (types.DNSKEY, "0101030d"),
    "an empty CDNSKEY": (types.CDNSKEY, "0101030d"),
    "an empty OPENPGPKEY": (types.OPENPGPKEY, ""),
    "an empty CERT": (types.CERT, "0001000001"),
    "an empty DHCID": (types.DHCID, ""),
    "an empty RRSIG": (types.RRSIG, "0001" + SIGNED_BY),
    "a tag of 15 characters": (types.CAA, "000f" + "61" * 15 + "78"),
    "a tag of 16 characters": (types.CAA, "0010" + "61" * 16 + "78"),
    "NSEC of type 0": (types.NSEC, "00" + "0001c0"),
    "CSYNC of type 0": (types.CSYNC, "00000001" + "0003" + "0001c0"),
}
BIND, KNOT, POWERDNS = "named-checkzone", "kzonecheck", "pdnsutil"
REFUSED = {
    f"an empty {kind}": {BIND, KNOT, POWERDNS} if kind in {"DS", "OPENPGPKEY", "DHCID"} else {BIND, POWERDNS}
    for kind in ("DS", "CDS", "TLSA", "SMIMEA", "DNSKEY", "CDNSKEY", "CERT", "RRSIG", "OPENPGPKEY", "DHCID")
} | {name: {POWERDNS} for name in ("an empty SSHFP", "a tag of 16 characters", "CSYNC of type 0")}
"""The judges that refuse the data in any form. Knot serves the DS all the same."""


@pytest.mark.primary
@pytest.mark.parametrize("name", ODD)
def test_an_export_of_odd_data_is_read_by_the_servers_and_by_an_import(name, tmp_path):
    rdtype, text = ODD[name]
    line = f"x\t{rrset.type_field(rdtype, text)}\t300\t{text}"
    file = tmp_path / "zone"

    file.write_text("".join(writer.write([*APEX, line], ZONE, 300)))

    refusing = {each for each in (BIND, KNOT, "nsd-checkzone", POWERDNS) if judge(each, ZONE, file)[0]}
    assert refusing == REFUSED.get(name, set())
    if refusing and not placement.wrong_type(rdtype):
        with pytest.raises(MalformedZoneFile, match=f"not {types.type_text(rdtype)} rdata: its "):
            reader.read(file.read_text(), origin=ZONE)
    else:
        assert line in reader.read(file.read_text(), origin=ZONE).lines


def test_an_export_leaves_out_what_no_zone_holds():
    lines = [*APEX, "x\t1\t300\t01020304", "x\t200\t300\t00", "y\t128\t300\t"]

    exported = "".join(writer.write(lines, ZONE, 300))

    assert set(reader.read(exported, origin=ZONE).lines) == set(lines[:3])
