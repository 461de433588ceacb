"""RR types by number and by name, and the highest TTL.

The numbers are those of the IANA registry "Resource Record (RR) TYPEs" (RFC 6895 section 3.1).
"""

A, NS, MD, MF, CNAME, SOA, MB, MG, MR = 1, 2, 3, 4, 5, 6, 7, 8, 9
PTR, MINFO, MX, TXT, RP, AFSDB, RT, NSAP_PTR, SIG, KEY, PX = 12, 14, 15, 16, 17, 18, 21, 23, 24, 25, 26
AAAA, LOC, NXT, SRV, NAPTR, KX, DNAME, OPT, DS, SSHFP = 28, 29, 30, 33, 35, 36, 39, 41, 43, 44
RRSIG, NSEC, DNSKEY, NSEC3, TLSA, SMIMEA = 46, 47, 48, 50, 52, 53
CDS, CDNSKEY, OPENPGPKEY, CSYNC, SVCB, HTTPS = 59, 60, 61, 62, 64, 65
SPF, NID, L64, LP, NXNAME, TSIG, IXFR, AXFR, CAA = 99, 104, 106, 107, 128, 250, 251, 252, 257

NO_DATA = frozenset({0, OPT, *range(128, 256)})
"""Types for queries and messages, which no zone holds (RFC 6895 section 3.1)."""

NAMELESS = frozenset({A, TXT, AAAA, DS, SSHFP, DNSKEY, TLSA, SMIMEA, CDS, CDNSKEY, OPENPGPKEY, SPF, CAA})
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


def type_text(rdtype: int) -> str:
    """Return the mnemonic of a type, or `TYPE65280` for one without a mnemonic (RFC 3597 section 5)."""
    import dns.rdatatype

    return dns.rdatatype.to_text(dns.rdatatype.RdataType.make(rdtype))
