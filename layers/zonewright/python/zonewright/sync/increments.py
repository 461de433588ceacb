"""What an IXFR says (RFC 1995), as moves of RRsets: the RR lines of its answers, applied to the RRsets they touch.

An increment is the way from one serial to the next: the RRs it takes away, the old SOA first among them, then those it
puts in their place, the new SOA first. Each is applied in turn to what the one before it left, so only RRsets that end
otherwise than they began have moved. Whatever does not fit what we hold, an RR taken away that is not there or one
added that is, tells that the primary speaks of other contents than ours: then nothing of it is believed.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from zonewright.errors import IncrementUnfit
from zonewright.model.diff import Move
from zonewright.protocol import rrset

_SOA = "\t6\t"
"""How the line of the apex SOA begins."""

Said = tuple[bool, str]
"""An RR line, and whether it is added or removed."""


@dataclass(frozen=True, slots=True)
class Increment:
    """RR lines `removed` and `added` on the way from one serial to the next."""

    removed: list[str]
    added: list[str]


def read(lines: Iterable[str]) -> list[Increment]:
    """The increments of a complete IXFR's RR lines, as they came: the new SOA first and last, increments between."""
    found: list[Increment] = []
    into: list[str] | None = None
    for number, line in enumerate(lines):
        if not line.startswith(_SOA):
            assert into is not None, "the transfer machine saw an SOA here"
            into.append(line)
        elif number:
            if into is None or into is found[-1].added:
                found.append(Increment([line], []))
                into = found[-1].removed
            else:
                into = found[-1].added
                into.append(line)
    return found[:-1]  # the closing SOA began another


def said(increments: Iterable[Increment]) -> dict[str, list[Said]]:
    """What they say of each RRset, by `rrset.place`, in its order: an RRset moves whatever others do."""
    found: dict[str, list[Said]] = {}
    for each in increments:
        for added, lines in ((False, each.removed), (True, each.added)):
            for line in lines:
                found.setdefault(rrset.place(line), []).append((added, line))
    return found


def moves(said: Mapping[str, Iterable[Said]], held: Callable[[str], str | None]) -> list[Move]:
    """What moved of the RRsets spoken of, in canonical order; `held` tells the line we hold at a place.

    Raises IncrementUnfit.
    """
    return list(_moved(_Set(place, held(place)).after(said[place]) for place in sorted(said)))


def _moved(sets: Iterable["_Set"]) -> Iterator[Move]:
    for each in sets:
        after = each.line()
        if after == each.before or (after and each.before and rrset.equivalent(each.before, after)):
            continue
        yield Move(each.before, after)


class _Set:
    """One RRset on its way: the TTL of each rdata."""

    def __init__(self, place: str, before: str | None) -> None:
        self.before = before
        self._place = place
        self._spelling = ""
        self._ttls: dict[str, int] = {}
        if before is not None:
            _, _, ttl, rdatas, *spelling = before.split(rrset.TAB)
            self._ttls = dict.fromkeys(rdatas.split(" "), int(ttl))
            self._spelling = "".join(spelling[:1])  # notes are behind it, of what no primary sent

    def after(self, said: Iterable[Said]) -> "_Set":
        """It after all that is said of it."""
        for added, line in said:
            if added:
                self.add(line)
            else:
                self.remove(line)
        return self

    def add(self, line: str) -> None:
        """Take in one RR."""
        _, _, ttl, rdata, *spelling = line.split(rrset.TAB)
        if self._same(line, rdata) is not None:
            raise IncrementUnfit(f"it adds {_named(line)}, which is there")
        if not self._ttls:
            self._spelling = "".join(spelling)
        self._ttls[rdata] = int(ttl)

    def remove(self, line: str) -> None:
        """Take one RR away, whatever TTL is said of it."""
        rdata = line.split(rrset.TAB)[3]
        same = self._same(line, rdata)
        if same is None:
            raise IncrementUnfit(f"it removes {_named(line)}, which is not there")
        del self._ttls[same]

    def line(self) -> str | None:
        """The RRset as it is now; None where nothing is left."""
        if not self._ttls:
            return None
        line = f"{self._place}{min(self._ttls.values())}\t{' '.join(sorted(self._ttls))}"
        return f"{line}\t{self._spelling}" if self._spelling else line

    def _same(self, line: str, rdata: str) -> str | None:
        """The rdata we hold that is this one, the case of names in it ignored (RFC 4343)."""
        if rdata in self._ttls:
            return rdata
        octets = bytes.fromhex(rdata)
        alike = [
            each for each in self._ttls if len(each) == len(rdata) and bytes.fromhex(each).lower() == octets.lower()
        ]
        rdtype = int(line.split(rrset.TAB)[1])
        return next(
            (each for each in alike if rrset.folded(rdtype, bytes.fromhex(each)) == rrset.folded(rdtype, octets)), None
        )


def _named(line: str) -> str:
    entry = rrset.from_line(line)
    owner = ".".join(reversed(entry.key.split(" "))) if entry.key else "the apex"
    return f"{owner} {entry.type_text()} {entry.texts()[0][:80]}"
