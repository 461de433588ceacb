"""Read master files with this service and with dnspython."""

import dns.exception
import dns.name
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.zone
import pytest
from zonewright.errors import MalformedZoneFile
from zonewright.protocol import names, rrset
from zonewright.protocol.zonefile import reader

NAME = "Example.org."
ZONE = names.absolute(NAME)
HEAD = "$ORIGIN example.org.\n$TTL 300\n@ SOA ns joe\\.doe 7 7200 900 1209600 300\n"


def read(text, **options):
    """Return the RRset lines of a file."""
    return rrset.gather(sorted(reader.read(text, **options).lines))[0]


def folded(lines):
    """Return lines without the case of names, because dnspython keeps one of RRs that differ only in case."""
    found = []
    for each in map(rrset.from_line, lines):
        rdtype = dns.rdatatype.RdataType.make(each.type)
        rdatas = (dns.rdata.from_wire(dns.rdataclass.IN, rdtype, rdata, 0, len(rdata)) for rdata in each.rdatas)
        found.append((each.place, each.ttl, sorted({rdata.to_digestable() for rdata in rdatas})))
    return sorted(found)


def oracle(text, zone=ZONE):
    """Return the lines that dnspython reads from a file. It keeps only the last NSEC and CNAME of an owner."""
    parsed = dns.zone.from_text(text, zone, relativize=False, check_origin=False, idna_codec=dns.name.IDNA_2003)
    rrs = [
        rrset.to_line(names.key_of(name, zone), rdataset.rdtype, rdataset.ttl, [rdata.to_wire()])
        for name, rdataset in parsed.iterate_rdatasets()
        for rdata in rdataset
    ]
    return folded(rrset.gather(sorted(rrs))[0])


def outcome(text, **options):
    """Return the read file, or the error that refused it."""
    try:
        return reader.read(text, **options)
    except MalformedZoneFile as error:
        return error


def refusal(text, **options):
    """Return the error that refuses a file."""
    with pytest.raises(MalformedZoneFile) as caught:
        reader.read(text, **options)
    return caught.value
