"""A zone that changes at random: RRs come and go, TTLs and cases change, RRsets grow.

A seed decides everything. `text` is the master file at a serial. `edit` changes the zone in place.
"""

import random
from collections.abc import Callable

_OWNERS = ("@", "www", "mail", "a.b", "b", "*.wild", "deep.er.a.b", "x-1", "under_score", "sub")
_ALIASES = ("alias", "other.alias", "z")
_TTLS = (0, 60, 300, 3600, 2147483647)

Rdata = Callable[[random.Random], str]
_RDATAS: dict[str, Rdata] = {
    "A": lambda choose: f"192.0.2.{choose.randrange(12)}",
    "AAAA": lambda choose: f"2001:db8::{choose.randrange(12):x}",
    "MX": lambda choose: f"{choose.randrange(3)} {_host(choose)}",
    "TXT": lambda choose: f'"{choose.randrange(8)}" "Ab"',
    "SRV": lambda choose: f"0 {choose.randrange(3)} 53 {_host(choose)}",
    "NAPTR": lambda choose: f'{choose.randrange(3)} 0 "s" "" "" {_host(choose)}',
    "HTTPS": lambda choose: f"{choose.randrange(1, 4)} {_host(choose)} alpn=h2",
    "CAA": lambda choose: f'0 issue "ca{choose.randrange(4)}.example"',
    "TYPE65280": lambda choose: f"\\# 2 00{choose.randrange(6):02x}",
}


def _host(choose: random.Random) -> str:
    host = choose.choice(("mail", "mx.example.net.", "a.b"))
    return choose.choice((host, host, host.upper(), host.capitalize()))


class Churn:
    """A zone of some dozens of RRs. If it is not `crowded`, no owner below the apex has RRsets of several types.

    `respelled` says whether the case of a name has changed since it was reset.
    """

    def __init__(self, seed: int, *, crowded: bool = True) -> None:
        self.choose = random.Random(seed)
        self.crowded = crowded
        self.respelled = False
        self.sets: dict[tuple[str, str], dict[str, int]] = {}
        """TTLs by rdata, by owner and type, each as in the master file."""
        self.spelled: dict[str, str] = {}
        """Owners that are not written in lower case. BIND takes one spelling for all RRsets of an owner in a file."""
        self.timer = 300
        for _ in range(40):
            self._add()

    def edit(self) -> None:
        """Change the zone in some places, or, rarely, in none."""
        for _ in range(self.choose.choice((0, 1, 1, 2, 5, 12))):
            often, seldom = (self._add, self._remove), (self._drop, self._again, self._mix, self._grow)
            self.choose.choice((*often * 3, *seldom, self._alias, self._soa, self._spell, self._spell_data))()

    def text(self, serial: int) -> str:
        """Return the master file of the zone at a serial."""
        lines = [f"$TTL 300\n@ SOA ns1 joe {serial} 3600 600 86400 {self.timer}", "@ NS ns1", "ns1 A 192.0.2.53"]
        for place, rrs in self.sets.items():
            owner = self.spelled.get(place[0], place[0])
            lines += [f"{owner} {ttl} {place[1]} {rdata}" for rdata, ttl in rrs.items()]
        return "\n".join(lines) + "\n"

    def _add(self) -> None:
        """Add an RR, to an RRset with its TTL or as an RRset of its own."""
        kind = self.choose.choice(list(_RDATAS))
        owner = self.choose.choice(_OWNERS)
        place = owner if self.crowded else f"{kind}.{owner.strip('*@.')}".strip(".").lower(), kind
        rdata = _RDATAS[kind](self.choose)
        rrs = self.sets.setdefault(place, {})
        ttl = next(iter(rrs.values()), self.choose.choice(_TTLS))
        if rdata.lower() not in map(str.lower, rrs):
            rrs[rdata] = ttl

    def _grow(self) -> None:
        """Add many RRs to one RRset."""
        rrs = self.sets.setdefault(("many", "A"), {})
        ttl = next(iter(rrs.values()), 60)
        rrs |= {f"10.0.0.{self.choose.randrange(256)}": ttl for _ in range(self.choose.randrange(1, 40))}

    def _alias(self) -> None:
        self.sets[self.choose.choice(_ALIASES), "CNAME"] = {_host(self.choose): self.choose.choice(_TTLS)}

    def _soa(self) -> None:
        self.timer = self.choose.choice((60, 300))

    def _remove(self) -> None:
        """Remove some RRs of an RRset."""
        place = self._place()
        for rdata in self.choose.sample(list(self.sets[place]), self.choose.randint(1, len(self.sets[place]))):
            del self.sets[place][rdata]
        if not self.sets[place]:
            self._forget(place)

    def _drop(self) -> None:
        self._forget(self._place())

    def _again(self) -> None:
        """Change the TTL of an RRset."""
        place, ttl = self._place(), self.choose.choice(_TTLS)
        self.sets[place] = dict.fromkeys(self.sets[place], ttl)

    def _mix(self) -> None:
        """Change the TTL of one RR."""
        place = self._place()
        self.sets[place][self.choose.choice(list(self.sets[place]))] = self.choose.choice(_TTLS)

    def _spell(self) -> None:
        """Change the case of an owner."""
        owner, _ = self._place()
        self.spelled[owner] = self.choose.choice((owner, owner.upper(), owner.capitalize()))
        self.respelled = True

    def _spell_data(self) -> None:
        """Change the case of a name in rdata."""
        place = self._place()
        rdata, ttl = self.choose.choice(list(self.sets[place].items()))
        if place[1] in ("MX", "SRV", "CNAME", "NAPTR"):
            del self.sets[place][rdata]
            *fields, host = rdata.split(" ")
            self.sets[place][" ".join([*fields, host.swapcase()])] = ttl
            self.respelled = True

    def _place(self) -> tuple[str, str]:
        if not self.sets:
            self._grow()
        return self.choose.choice(list(self.sets))

    def _forget(self, place: tuple[str, str]) -> None:
        del self.sets[place]
