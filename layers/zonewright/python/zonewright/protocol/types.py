"""RR types by number and by name, and the highest TTL.

The numbers are those of the IANA registry "Resource Record (RR) TYPEs" (RFC 6895 section 3.1).
"""

from functools import lru_cache

A, NS, MD, MF, CNAME, SOA, MB, MG, MR, WKS = 1, 2, 3, 4, 5, 6, 7, 8, 9, 11
PTR, HINFO, MINFO, MX, TXT, RP, AFSDB, RT, NSAP_PTR, SIG, KEY, PX = 12, 13, 14, 15, 16, 17, 18, 21, 23, 24, 25, 26
X25, ISDN, NSAP, GPOS, EID, NIMLOC, ATMA, A6, SINK, APL, IPSECKEY = 19, 20, 22, 27, 31, 32, 34, 38, 40, 42, 45
AAAA, LOC, NXT, SRV, NAPTR, KX, CERT, DNAME, OPT, DS, SSHFP = 28, 29, 30, 33, 35, 36, 37, 39, 41, 43, 44
RRSIG, NSEC, DNSKEY, DHCID, NSEC3, NSEC3PARAM, TLSA, SMIMEA = 46, 47, 48, 49, 50, 51, 52, 53
HIP, NINFO, RKEY, TALINK, DSYNC, HHIT, BRID = 55, 56, 57, 58, 66, 67, 68
CDS, CDNSKEY, OPENPGPKEY, CSYNC, ZONEMD, SVCB, HTTPS = 59, 60, 61, 62, 63, 64, 65
SPF, NID, L32, L64, LP, EUI48, EUI64, NXNAME, TSIG, IXFR, AXFR = 99, 104, 105, 106, 107, 108, 109, 128, 250, 251, 252
URI, CAA, AVC, DOA, AMTRELAY, RESINFO, WALLET, TA, DLV = 256, 257, 258, 259, 260, 261, 262, 32768, 32769

NO_DATA = frozenset({0, OPT, *range(128, 256)})
"""Types for queries and messages, which no zone holds (RFC 6895 section 3.1).

Some servers carry those without a meaning. A copy leaves them out, and files and requests with them are refused.
"""

COMPRESSED: dict[int, tuple[int, int, int]] = {
    NS: (0, 1, 0),
    MD: (0, 1, 0),
    MF: (0, 1, 0),
    CNAME: (0, 1, 0),
    SOA: (0, 2, 20),
    MB: (0, 1, 0),
    MG: (0, 1, 0),
    MR: (0, 1, 0),
    PTR: (0, 1, 0),
    MINFO: (0, 2, 0),
    MX: (2, 1, 0),
    RP: (0, 2, 0),
    AFSDB: (2, 1, 0),
    RT: (2, 1, 0),
    PX: (2, 2, 0),
    SRV: (6, 1, 0),
    KX: (2, 1, 0),
    DNAME: (0, 1, 0),
}
"""Types whose rdata is bytes, names, bytes: the number of each."""

NAMELESS = frozenset(
    {A, HINFO, TXT, KEY, AAAA, CERT, DS, SSHFP, DNSKEY, DHCID, NSEC3, NSEC3PARAM, TLSA, SMIMEA, CDS, CDNSKEY}
) | {OPENPGPKEY, CSYNC, SPF, NID, L32, L64, EUI48, EUI64, URI, CAA, DLV}
"""Types whose rdata has no names, so that equal rdatas have equal octets."""

SIGNATURES = frozenset({SIG, RRSIG})
"""Types whose rdata begins with the type of the RRset that it signs (RFC 2535 section 4.1, RFC 4034 section 3.1)."""

HIGHEST_TTL = 2**31 - 1
"""Seconds (RFC 2181 section 8)."""


def type_of(text: str) -> int:
    """Return the number of a type named by mnemonic or as `TYPEnnn` (RFC 3597 section 5).

    Raise ValueError, with the reason, for text that names no type, and for a type that no zone holds.
    """
    import dns.exception
    import dns.rdatatype

    try:
        rdtype = int(dns.rdatatype.from_text(text))
    except (dns.exception.DNSException, ValueError) as error:
        raise ValueError("is not a record type") from error
    if rdtype in NO_DATA:
        raise ValueError("is a type for queries and messages, not of data")
    return rdtype


def ttl_of(number: int) -> int:
    """Return the TTL, in seconds, that 32 bits of a message mean. With the first bit set they mean 0 (RFC 2181)."""
    return number if number <= HIGHEST_TTL else 0


@lru_cache(maxsize=1_000)
def type_text(rdtype: int) -> str:
    """Return the mnemonic of a type, or `TYPE65280` for one without a mnemonic (RFC 3597 section 5)."""
    import dns.rdatatype

    return dns.rdatatype.to_text(dns.rdatatype.RdataType.make(rdtype))
