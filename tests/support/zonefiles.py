"""Master files as this service reads them, and as dnspython does."""

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
    """RRset lines of a file."""
    return rrset.gather(sorted(reader.read(text, **options).lines))[0]


def folded(lines):
    """What lines say to DNS, case aside: of RRs that differ in the case of names only, dnspython keeps the first."""
    found = []
    for each in map(rrset.from_line, lines):
        rdtype = dns.rdatatype.RdataType.make(each.type)
        rdatas = (dns.rdata.from_wire(dns.rdataclass.IN, rdtype, rdata, 0, len(rdata)) for rdata in each.rdatas)
        found.append((each.place, each.ttl, sorted({rdata.to_digestable() for rdata in rdatas})))
    return sorted(found)


def oracle(text, zone=ZONE):
    """The lines dnspython makes of a file; of an owner's NSECs it keeps the last only, as of its CNAMEs."""
    parsed = dns.zone.from_text(text, zone, relativize=False, check_origin=False, idna_codec=dns.name.IDNA_2003)
    rrs = [
        rrset.to_line(names.key_of(name, zone), rdataset.rdtype, rdataset.ttl, [rdata.to_wire()])
        for name, rdataset in parsed.iterate_rdatasets()
        for rdata in rdataset
    ]
    return folded(rrset.gather(sorted(rrs))[0])


def outcome(text, **options):
    """What was read, or why it was refused."""
    try:
        return reader.read(text, **options)
    except MalformedZoneFile as error:
        return error


def refusal(text, **options):
    with pytest.raises(MalformedZoneFile) as caught:
        reader.read(text, **options)
    return caught.value
