"""Zones that flip between two contents.

ZONEWRIGHT_FLIPS and ZONEWRIGHT_KILLS set how often. `make test` does it a few times, `make endure` many times, and
with faults (`tools/stack/faults.py`). ZONEWRIGHT_SEED seeds the random choices. Without it, the clock does. Every
figure is printed.
"""

import re
import subprocess

from api import fetch
from primaries import corpus

INLINE, STAGED = 0, 3_200
"""Numbers of long texts in a zone besides 2,000 records. STAGED makes it over 1.5 MB, so its sync uses the maps."""

_SOA = re.compile(r"(\S+ \d+ IN SOA \S+ \S+) (\d+) (.+)")


def content(lines):
    """Return the serial of some RRs, and the set of RRs without it. A line is `owner TTL IN TYPE rdata`."""
    kept, serials = set(), []
    for line in lines:
        soa = _SOA.fullmatch(line) if " SOA " in line else None
        if soa:
            serials.append(int(soa[2]))
        kept.add(f"{soa[1]} {soa[3]}" if soa else line)
    assert len(set(serials)) <= 1
    return serials[0] if serials else None, kept


def of_primary(server, name):
    """Return the RRs of a server's zone, as `dig` prints them."""
    where = [f"@{server.host}", "-p", str(server.port)]
    command = ["dig", *where, "+noall", "+answer", "+onesoa", "-q", name, "-t", "AXFR"]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return [" ".join(line.split(None, 4)) for line in printed.splitlines()]


def of_file(text):
    """Return the RRs of a master file that the service exported."""
    ttl = re.search(r"^\$TTL (\d+)$", text, re.MULTILINE)[1]
    text = re.sub(r"\(([^)]*)\)", lambda found: " ".join(re.sub(r";.*", "", found[1]).split()), text)
    named = (line.split(" ", 1) for line in text.splitlines() if line and not line.startswith("$"))
    return [f"{owner} {f'{ttl} {rest}' if rest.startswith('IN ') else rest}" for owner, rest in named]


def of_page(recordsets):
    """Return the RRs of record sets in a JSON answer."""
    return [f"{each['name']} {each['ttl']} IN {each['type']} {one}" for each in recordsets for one in each["records"]]


class Flipping:
    """A primary's zone with one content under odd serials, and another under even serials."""

    def __init__(self, server, name, texts):
        self.server, self.name, self.texts, self.serial = server, name, texts, 1
        self._known = {}

    @staticmethod
    def text(name, texts, serial):
        """Return the master file of a serial. Even ones lack five hosts and a text, and change one in 40 RRsets."""
        other = serial % 2 == 0
        zone = corpus.big(1_950, serial, name, changed=50) if other else corpus.big(2_000, serial, name)
        long = (
            f'text-{n:05} TXT "{other and n % 40 == 0} {"long " * 48}{n}" "{"longer " * 36}"\n'
            for n in range(texts - other)
        )
        return zone + "".join(long)

    def flip(self):
        """Switch the primary to the other content."""
        self.serial += 1
        self.server.reload(self.name, self.text(self.name, self.texts, self.serial))

    def known(self, serial):
        """Return the content under a serial, as the primary sent it the first time."""
        if serial % 2 not in self._known:
            assert serial == self.serial
            found, lines = content(of_primary(self.server, self.name))
            assert found == serial
            self._known[serial % 2] = lines
        return self._known[serial % 2]

    @property
    def records(self):
        """The number of RRs in the larger content."""
        return 2_000 + self.texts

    def whose(self, text):
        """Return the serial of an exported zone. Assert that it has exactly the content of that serial."""
        serial, lines = content(of_file(text))
        known = self.known(serial)
        assert lines == known, f"{len(known - lines)} RRs lost and {len(lines - known)} foreign under {serial}"
        return serial

    def page_of(self, answer):
        """Return the parities of the serials whose content includes a page of record sets."""
        _, lines = content(of_page(answer.body["recordsets"]))
        total = answer.body["metadata"]["total_count"]
        return {parity for parity, known in self._known.items() if lines <= known and total == rrsets(known)}


def rrsets(lines):
    """Return the number of RRsets in some RRs."""
    return len({(owner, rdtype) for owner, _, _, rdtype, _ in (line.split(" ", 4) for line in lines)})


def exported(api, zone_id):
    """Return the master file of a zone. Follow the link if it is large."""
    answer = api.call("GET", f"/v2/zones/{zone_id}", Accept="text/dns")
    if answer.status == 303:
        return fetch(answer.headers["location"])[1].decode()
    assert answer.status == 200, answer.body
    return answer.body
