"""Zones that flip between two contents.

`make test` does a little of it, `make endure` much: ZONEWRIGHT_FLIPS and ZONEWRIGHT_KILLS say how much. Chance is
seeded, by ZONEWRIGHT_SEED or by the clock, and every figure is printed.
"""

import re
import subprocess

from api import fetch
from primaries import corpus

INLINE, STAGED = 0, 3_200
"""How many long texts a zone has besides 2,000 records: with so many it goes through the maps, being over 1.5 MB."""

_SOA = re.compile(r"(\S+ \d+ IN SOA \S+ \S+) (\d+) (.+)")


def content(lines):
    """What RRs a zone has, each as `owner TTL IN TYPE rdata`: its serial, and all of them without it."""
    kept, serials = set(), []
    for line in lines:
        soa = _SOA.fullmatch(line) if " SOA " in line else None
        if soa:
            serials.append(int(soa[2]))
        kept.add(f"{soa[1]} {soa[3]}" if soa else line)
    assert len(set(serials)) <= 1
    return serials[0] if serials else None, kept


def of_primary(server, name):
    """The RRs that a server sends, as `dig` shows them."""
    where = [f"@{server.host}", "-p", str(server.port)]
    command = ["dig", *where, "+noall", "+answer", "+onesoa", "-q", name, "-t", "AXFR"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return [" ".join(line.split(None, 4)) for line in said.splitlines()]


def of_file(text):
    """The RRs of a master file as we export it."""
    ttl = re.search(r"^\$TTL (\d+)$", text, re.MULTILINE)[1]
    text = re.sub(r"\(([^)]*)\)", lambda found: " ".join(re.sub(r";.*", "", found[1]).split()), text)
    named = (line.split(" ", 1) for line in text.splitlines() if line and not line.startswith("$"))
    return [f"{owner} {f'{ttl} {rest}' if rest.startswith('IN ') else rest}" for owner, rest in named]


def of_page(recordsets):
    """The RRs of record sets."""
    return [f"{each['name']} {each['ttl']} IN {each['type']} {one}" for each in recordsets for one in each["records"]]


class Flipping:
    """A zone of a primary that has one content under odd serials, and another under even ones."""

    def __init__(self, server, name, texts):
        self.server, self.name, self.texts, self.serial = server, name, texts, 1
        self._known = {}

    @staticmethod
    def text(name, texts, serial):
        """Every second one lacks five hosts and a text of the other, and differs in a fortieth of its RRsets."""
        other = serial % 2 == 0
        zone = corpus.big(1_950, serial, name, changed=50) if other else corpus.big(2_000, serial, name)
        long = (
            f'text-{n:05} TXT "{other and n % 40 == 0} {"long " * 48}{n}" "{"longer " * 36}"\n'
            for n in range(texts - other)
        )
        return zone + "".join(long)

    def flip(self):
        """Let the primary have the other content."""
        self.serial += 1
        self.server.reload(self.name, self.text(self.name, self.texts, self.serial))

    def known(self, serial):
        """The content under a serial, as the primary sent it when it first had it."""
        if serial % 2 not in self._known:
            assert serial == self.serial
            found, lines = content(of_primary(self.server, self.name))
            assert found == serial
            self._known[serial % 2] = lines
        return self._known[serial % 2]

    @property
    def records(self):
        """How many RRs its larger content has."""
        return 2_000 + self.texts

    def whose(self, text):
        """The serial of an exported zone; it has to have exactly the content of that serial."""
        serial, lines = content(of_file(text))
        known = self.known(serial)
        assert lines == known, f"{len(known - lines)} RRs lost and {len(lines - known)} foreign under {serial}"
        return serial

    def page_of(self, answer):
        """The parities whose content a page of record sets is a part of."""
        _, lines = content(of_page(answer.body["recordsets"]))
        total = answer.body["metadata"]["total_count"]
        return {parity for parity, known in self._known.items() if lines <= known and total == rrsets(known)}


def rrsets(lines):
    """How many RRsets some RRs are."""
    return len({(owner, rdtype) for owner, _, _, rdtype, _ in (line.split(" ", 4) for line in lines)})


def exported(api, zone_id):
    """The master file of a zone."""
    answer = api.call("GET", f"/v2/zones/{zone_id}", Accept="text/dns")
    if answer.status == 303:
        return fetch(answer.headers["location"])[1].decode()
    assert answer.status == 200, answer.body
    return answer.body
