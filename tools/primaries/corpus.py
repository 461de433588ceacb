r"""Zones with everything that a transfer must be able to carry.

`zones()` returns the corpus, the master files by zone name:

    types.example.   every common type, unknown types, delegations with glue   (zones/types.zone)
    names.example.   wildcards, all 256 octets in labels, longest names, case  (zones/names.zone)
    sets.example.    RRsets and rdata that span messages, 255 character-strings

`zones(Nsd)` returns the part of the corpus that this server can send (`NOT_SENT`). The corpus lacks what these servers
cannot hold. `hostile.py` sends the first two:

    an RRset of more than 64 KiB             not in BIND 9.18
    different TTLs in an RRset               in no server; each makes them equal
    HIP by its name                          not in NSD and Knot
    the SvcParam `dohpath` by its name       not in Knot 3.2

`odd` returns zones that every server carries, with rdata that cannot be read (zones/odd.zone) and a zone name with a
slash. `big` returns a realistic zone of any size.
"""

import functools
from collections.abc import Iterable, Iterator
from pathlib import Path

from primaries.server import NameServer

_FILES = Path(__file__).with_name("zones")

# Owner names in sets.example. with RRs that a server can hold, but not transfer.
NOT_SENT = {"Nsd": frozenset({"full", "last"})}  # RRs of more than 16 KiB, the size of its AXFR messages


@functools.cache
def zones(server: type[NameServer] | None = None) -> dict[str, str]:
    """Return the corpus, or the part of it that `server` can send."""
    left_out = NOT_SENT.get(server.__name__, frozenset()) if server else frozenset()
    return {
        "types.example.": (_FILES / "types.zone").read_text(),
        "names.example.": names("names.example."),
        "sets.example.": _joined(line for line in _sets() if line.split(None, 1)[0] not in left_out),
    }


def odd() -> dict[str, str]:
    """Return odd zones that every server carries."""
    classless = (
        "$TTL 60\n@ SOA ns.example. host.example. 1 2 3 4 5\n@ NS ns.example.\n193 PTR Www.example.\na/b CNAME 193\n"
    )
    return {"odd.example.": (_FILES / "odd.zone").read_text(), "192/30.2.0.192.in-addr.arpa.": classless}


def names(zone: str) -> str:
    """Return a zone of names that are hard to carry, at any zone name. Its longest names depend on the zone name."""
    return (_FILES / "names.zone").read_text() + _joined(_names(zone))


def _joined(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def _names(zone: str) -> Iterator[str]:
    for octet in range(256):
        yield f"\\{octet:03}.octets A 192.0.3.{octet}"
    room = 255 - len(zone) - 1  # a name is 255 octets with its length octets and its final zero (RFC 1035 section 3.1)
    yield f"{'l' * 63} A 192.0.2.90"
    yield f"{'L' * 63}.{'M' * 63} A 192.0.2.91"
    yield f"{'.'.join('x' * (room // 2))} A 192.0.2.92"
    longest = ".".join(["l" * 63] * (room // 64) + ["r" * (room % 64 - 1)])
    yield f"{longest} A 192.0.2.93"
    yield f"tolongest CNAME {longest}"


def _sets() -> Iterator[str]:
    text = "t" * 255
    yield "$TTL 300"
    yield "@ SOA ns host 2147483648 7200 900 1209600 300"
    yield "@ NS ns"
    yield "ns A 192.0.2.53"
    yield from (f"many A 10.0.{n // 256}.{n % 256}" for n in range(500))
    for n in range(4):  # 60 KiB each, the most that BIND stores; some span messages
        yield from (f'heavy{n} TXT "{m:04}{text[4:]}" "{text}"' for m in range(120))
    yield from (f"mx MX {n} mail-{n:03}.Example.NET." for n in range(300))
    yield "segments TXT " + " ".join(f'"{n}"' for n in range(255))
    yield "empties TXT " + " ".join(['""'] * 255)
    yield "full TXT " + " ".join([f'"{text}"'] * 240)  # 61,440 bytes, nearly a whole message
    octets = [f"\\{octet:03}" for octet in range(256)]
    yield f'octets TXT "{"".join(octets[:255])}" "{octets[255]}"'
    yield "last TYPE65280 \\# 16384 " + "ab" * 16384


# The lines that `big` repeats: ten RRs in seven RRsets for each host. `{v}` is 1 in a changed RRset, and 0 elsewhere.
_HOST = (
    ("host-{n:05} A 1{v}.{b}.{c}.{d}",),
    ("host-{n:05} AAAA 2001:db8:{v}:{b}:{c}::{d}",),
    (
        "www.host-{n:05} A 172.16.{c}.{d}",
        "www.host-{n:05} A 172.17.{c}.{d}",
        "www.host-{n:05} A 172.2{v}.{c}.{d}",
    ),
    ("host-{n:05} MX 10 mx1.mail", "host-{n:05} MX 2{v} mx2.mail"),
    ('_info.host-{n:05} TXT "rack={d} row={c} revision={v}" "owner=team-{d}@example.net"',),
    ("alias-{n:05} 300 CNAME v{v}.host-{n:05}",),
    ("_sip._tcp.host-{n:05} SRV 10 {v} 5060 host-{n:05}",),
)
_PER_HOST = sum(map(len, _HOST))


def big(records: int, serial: int, name: str = "big.example.", changed: int = 0, *, together: bool = False) -> str:
    """Return a zone of exactly `records` RRs, including its SOA.

    `changed` RRsets differ in one RR from those of `big(records, ...)`. They are spread over the zone, or all
    `together`. A diff of both zones finds this number of updated RRsets, and the SOA if the serials differ. It finds no
    created and no deleted RRsets.
    """
    lines = [
        f"$ORIGIN {name}",
        "$TTL 3600",
        f"@ SOA ns1 hostmaster ({serial} 7200 900 1209600 300)",
        "@ NS ns1",
        "@ NS ns2",
        "ns1 A 192.0.2.1",
        "ns2 A 192.0.2.2",
    ]
    hosts, odd = divmod(records - 5, _PER_HOST)
    places = hosts * len(_HOST)
    if records < 5 or changed > places:
        raise ValueError(f"cannot change {changed} RRsets of a zone of {records} records")
    altered = {place if together else place * places // changed for place in range(changed)}
    for host in range(hosts):
        _, b, c, d = host.to_bytes(4, "big")
        for place, rrset in enumerate(_HOST, host * len(_HOST)):
            v = int(place in altered)
            lines += [line.format(n=host, b=b, c=c, d=d, v=v) for line in rrset]
    lines += (f"odd-{n} A 192.0.2.{n}" for n in range(odd))
    return "\n".join(lines) + "\n"
