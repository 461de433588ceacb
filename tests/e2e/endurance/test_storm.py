"""Callers who write while AWS fails. What is answered is true, and what is not answered is done wholly or not at all.

ZONEWRIGHT_FAULTS is the share of the functions' calls that fail. ZONEWRIGHT_WRITES says how much is written.
"""

import os
import random
import time
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from support.faults import LATE, Faults, went_wrong
from support.flipping import exported, of_file
from support.remains import everything_is_named

WRITES = int(os.environ.get("ZONEWRIGHT_WRITES", "40"))
SEED = int(os.environ.get("ZONEWRIGHT_SEED") or time.time())
CALLERS = 4
STRONGER = 4
"""How many times the share of failing calls is that of other tests. A write makes few calls."""

DONE = {"POST": {201, 202}, "PUT": {200, 202}, "PATCH": {200, 202}, "DELETE": {202, 204}}


class Caller:
    """Somebody who makes zones and changes their record sets one after the other, and knows what they contain."""

    def __init__(self, api, chance, name):
        self.api, self.chance, self.name = api, chance, name
        self.zones = {}  # id to name
        self.held = {}  # (zone id, owner name) to (id of the record set, address)
        self.figures = Counter()
        self.writes = Counter()  # by zone id
        self.made = 0

    def write(self, number):
        """Do one of the things that callers do."""
        kinds = [self.add] * 4 + [self.change] * 2 + [self.remove, self.set_ttl]
        act = self.make_zone if number % 10 == 0 else self.chance.choice(kinds)
        if number % 40 == 39:
            act = self.delete_zone
        act()

    def ask(self, method, path, body, found):
        """Send a write until it is done. Return what `found` reads, which is None where nothing was written.

        An answer of success is true at once. After any other answer the write is either done or not, and is repeated
        if it is not. No write is refused, because nobody else writes here.
        """
        once = {"Idempotency_Key": uuid.uuid4().hex} if method == "POST" and self.chance.random() < 0.5 else {}
        for _ in range(20):
            answer = self.api.call(method, path, body, **once)
            if not went_wrong(answer):
                assert answer.status in DONE[method], (method, path, body, once, answer)
                there = found()
                assert there is not None, (method, path, body, answer, "is answered, and not done")
                self.figures["answered"] += 1
                return there
            self.figures[f"not answered ({answer.status})"] += 1
            time.sleep(LATE)
            if (there := found()) is not None:
                self.figures["done without an answer"] += 1
                return there
            self.figures["repeated with the same key"] += bool(once)
        raise AssertionError((method, path, body, answer))

    def make_zone(self):
        """Create a zone."""
        self.made += 1
        name = f"n{self.made}.{self.name}"

        def found():
            listed = self.api.call("GET", f"/v2/zones?name={name}").body["zones"]
            assert len(listed) < 2, listed
            return listed[0]["id"] if listed else None

        zone_id = self.ask("POST", "/v2/zones", {"name": name, "email": "joe@example.org"}, found)
        self.zones[zone_id] = name
        self.writes[zone_id] += 1

    def add(self):
        """Add a record set."""
        zone_id = self.chance.choice(list(self.zones))
        self.made += 1
        owner, address = f"h{self.made}.{self.zones[zone_id]}", self._address()
        body = {"name": owner, "type": "A", "ttl": 300, "records": [address]}
        path = f"/v2/zones/{zone_id}/recordsets"

        def found():
            listed = self.api.call("GET", f"{path}?name={owner}").body["recordsets"]
            assert [each["records"] for each in listed] in ([], [[address]]), listed
            return listed[0]["id"] if listed else None

        self.held[zone_id, owner] = self.ask("POST", path, body, found), address
        self.writes[zone_id] += 1

    def change(self):
        """Give a record set another address."""
        if not self.held:
            return
        zone_id, owner = self.chance.choice(list(self.held))
        (recordset_id, former), address = self.held[zone_id, owner], self._address()
        path = f"/v2/zones/{zone_id}/recordsets/{recordset_id}"

        def found():
            shown = self.api.call("GET", path).body["records"]
            assert shown in ([former], [address]), shown
            return recordset_id if shown == [address] else None

        if address == former:
            return
        self.held[zone_id, owner] = self.ask("PUT", path, {"records": [address]}, found), address
        self.writes[zone_id] += 1

    def remove(self):
        """Delete a record set."""
        if not self.held:
            return
        zone_id, owner = self.chance.choice(list(self.held))
        path = f"/v2/zones/{zone_id}/recordsets/{self.held[zone_id, owner][0]}"
        self.ask("DELETE", path, None, lambda: True if self.api.call("GET", path).status == 404 else None)
        del self.held[zone_id, owner]
        self.writes[zone_id] += 1

    def set_ttl(self):
        """Change the default TTL of a zone, which publishes a version with another SOA."""
        zone_id = self.chance.choice(list(self.zones))
        path, ttl = f"/v2/zones/{zone_id}", 300 + self.writes[zone_id]

        def found():
            return True if self.api.call("GET", path).body["ttl"] == ttl else None

        self.ask("PATCH", path, {"ttl": ttl}, found)
        self.writes[zone_id] += 1

    def delete_zone(self):
        """Delete a zone."""
        zone_id = self.chance.choice(list(self.zones))
        path = f"/v2/zones/{zone_id}"
        self.ask("DELETE", path, None, lambda: True if self.api.call("GET", path).status == 404 else None)
        del self.zones[zone_id]
        self.held = {place: held for place, held in self.held.items() if place[0] != zone_id}

    def _address(self):
        return f"192.0.2.{self.chance.randrange(256)}"

    def look(self):
        """See that every zone is free, contains exactly what was written, and that every write was done once."""
        for zone_id, name in self.zones.items():
            assert self.api.call("GET", f"/v2/zones/{zone_id}").body["status"] == "ACTIVE"
            lines = of_file(exported(self.api, zone_id))
            addresses = {line.split()[0]: line.split()[4] for line in lines if line.split()[3] == "A"}
            assert addresses == {owner: held[1] for (where, owner), held in self.held.items() if where == zone_id}
            history = self.api.history(zone_id, 1 + self.writes[zone_id])
            assert [each["status"] for each in history] == ["Synced"] * self.writes[zone_id]
            assert sorted(line.split()[3] for line in lines if line.startswith(f"{name} ")) == ["NS", "SOA"]


def test_a_write_is_done_once_or_not_at_all_while_aws_fails(api, aws, tell, name):
    faults = Faults()
    before = Counter(faults.struck())
    callers = [Caller(api, random.Random(f"{SEED} {each}"), f"c{each}.{name}") for each in range(CALLERS)]

    def work(caller):
        for number in range(WRITES // CALLERS):
            caller.write(number)

    faults.set(min(1, faults.share * STRONGER))
    with ThreadPoolExecutor(CALLERS) as pool:
        list(pool.map(work, callers))
    struck = Counter(faults.struck()) - before

    with faults.calm():
        for caller in callers:
            caller.look()
        everything_is_named(aws, [zone_id for caller in callers for zone_id in caller.zones])
    figures = sum((caller.figures for caller in callers), Counter())
    tell(f"ZONEWRIGHT_SEED={SEED}; writes: {dict(figures)}; reads repeated: {dict(api.failures)}")
    tell(f"faults: {dict(struck)}")
