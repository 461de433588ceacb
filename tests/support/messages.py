"""Make messages of a primary with dnspython, for tests of the transfer machine."""

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rrset
import dns.tsig
from primaries.small import Signing
from zonewright.protocol import names
from zonewright.protocol.transfer import Key, Soa
from zonewright.protocol.tsig import ALGORITHMS

ZONE = names.absolute("example.org.")
SECRET = "c2VjcmV0IG9mIHRoaXJ0eS10d28gb2N0ZXRzLCBvciBzbw=="
KEY = Key("transfer.example.org.", "hmac-sha256", SECRET)
KEYS = {algorithm: Key(f"{algorithm}.example.org.", algorithm, SECRET) for algorithm in ALGORITHMS}
KEYRING = {key.tsig().name: key.tsig() for key in (KEY, *KEYS.values())}
SOA = "example.org. 3600 SOA ns1.example.org. joe\\.doe.example.org. 7 3600 600 86400 300"
NS = "example.org. 3600 NS ns1.example.org."
A = "www.example.org. 60 A 192.0.2.1"
B = "www.example.org. 60 A 192.0.2.2"
TXT = 'text.example.org. 60 TXT "text"'
READ = Soa(serial=7, ttl=3600, rname="joe\\.doe.example.org.", expire=86400)


def message(machine, *lines, rcode=0, question=ZONE, rdtype="AXFR", ident=None, flags=dns.flags.QR):
    """Return one answer to the machine's question. A line is an RR in presentation form."""
    asked = int.from_bytes(machine.question()[:2], "big")
    made = dns.message.Message(asked if ident is None else asked ^ ident)
    made.flags = flags
    made.set_rcode(rcode)
    if question:
        made.question.append(dns.rrset.RRset(question, dns.rdataclass.IN, dns.rdatatype.from_text(rdtype)))
    for line in lines:
        owner, ttl, kind, rdata = line.split(" ", 3)
        made.answer.append(dns.rrset.from_text(owner, int(ttl), "IN", kind, rdata))
    return made.to_wire()


def signed(machine, messages, **changes):
    """Return the messages, signed with the machine's key. `changes` replaces arguments of `Signing`."""
    query = dns.message.from_wire(machine.question(), keyring=KEYRING)
    signing = Signing(**{"key": query.keyring, "request_mac": query.mac} | changes)
    return signing.signed(messages)


def fed(machine, messages):
    """Feed messages to a machine. Return it."""
    for octets in messages:
        machine.feed(octets)
    return machine


def long(machine, count, records=3):
    """Return a transfer of `count` messages, each with `records` addresses."""
    names_of = [
        [f"n{number}-{record}.example.org. 60 A 192.0.2.1" for record in range(records)] for number in range(count)
    ]
    names_of[0].insert(0, SOA)
    names_of[-1].append(SOA)
    return [message(machine, *lines) for lines in names_of]
