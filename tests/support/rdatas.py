"""Real rdata of the types that have checks, and damage to it."""

import functools
from pathlib import Path

import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.zone
import primaries
from hypothesis import strategies as st
from primaries import signing
from primaries.server import program
from zonewright.protocol import checks

SIGNATURE = "A 13 3 3600 20301231235959 20300101000000 1 example.org. AAAA"
TEXTS = {
    "SIG": [SIGNATURE],
    "KEY": ["512 3 13 AAAA"],
    "DLV": ["12345 13 2 " + "ef" * 32, "1 8 1 " + "00" * 20, "1 8 4 " + "00" * 48, "1 8 9 00"],
    "RRSIG": [SIGNATURE, "TYPE65535 255 255 4294967295 0 4294967295 65535 . AA=="],
    "NSEC": ["b.example.org. A MX RRSIG NSEC TYPE1234", ". A TYPE65535"],
    "NSEC3": ["1 1 12 aabbccdd 2vptu5timamqttgl4luu9kg21e0aor3s A RRSIG", "1 0 0 - 2vptu5ti"],
    "NSEC3PARAM": ["1 0 12 aabbccdd"],
    "HTTPS": [
        "1 . mandatory=alpn,ipv4hint alpn=h2,h3 no-default-alpn port=443 ipv4hint=192.0.2.1,192.0.2.2 key65535=yz",
        "1 . mandatory=key7 ech=AAQAAAAA ipv6hint=2001:db8::1 key7=/dns key8 key9=x docpath=x",
    ],
}
"""Rdata that the zone of types lacks, or has in one form only. It lacks what signing adds."""

SIGNED = frozenset({"RRSIG", "NSEC", "NSEC3", "NSEC3PARAM", "DNSKEY"})
"""Types that signing adds. dnspython does not read all others as `dnssec-signzone` writes them."""


@functools.cache
def real():
    """Rdata of every type that has a check: of the zone of types, the same signed with NSEC and NSEC3, and `TEXTS`."""
    found = {rdtype: set() for rdtype in checks.CHECKS}
    for kind, texts in TEXTS.items():
        rdtype = dns.rdatatype.from_text(kind)
        found[rdtype] |= {dns.rdata.from_text(dns.rdataclass.IN, rdtype, text).to_wire() for text in texts}
    zone = (Path(primaries.__file__).parent / "zones" / "types.zone").read_text()
    for _, _, each in dns.zone.from_text(zone, "types.example.", relativize=False).iterate_rdatas():
        if each.rdtype in found:
            found[each.rdtype].add(each.to_wire())
    for kind, text in signed(zone) if program("dnssec-signzone") else ():
        rdtype = dns.rdatatype.from_text(kind)
        found[rdtype].add(dns.rdata.from_text(dns.rdataclass.IN, rdtype, text).to_wire())
    return {rdtype: sorted(rdatas) for rdtype, rdatas in found.items()}


def signed(zone):
    """Type and text of each record that signing adds to the zone of types."""
    signable = "".join(line for line in zone.splitlines(keepends=True) if not line.startswith(("dnskey", "cdnskey")))
    for nsec3 in (False, True):
        for line in signing.signed("types.example.", signable, nsec3=nsec3).splitlines():
            kind, text = [*line.split(None, 4), "", "", "", ""][3:5]
            if kind in SIGNED:
                yield kind, text


edges = st.sampled_from([0, 1, 2, 3, 4, 16, 20, 32, 33, 48, 62, 63, 64, 128, 191, 192, 255])
octet = st.integers(0, 255) | edges
edits = st.tuples(st.integers(0, 300), st.integers(0, 3), st.lists(octet, max_size=4))


def edited(octets, changes):
    """The octets after edits, each of which replaces some octets at a place by others."""
    for place, size, new in changes:
        at = place % (len(octets) + 1)
        octets = octets[:at] + bytes(new) + octets[at + size :]
    return octets
