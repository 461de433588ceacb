"""A primary that misbehaves in chosen ways.

    with Hostile({"example.org.": text}, messages_of(10), cut(after=3)) as primary:
        ...                                     # transfers end after three messages
        primary.behave(honest())                # from now on transfers are complete
        assert primary.queries == [Query("example.org.", "SOA", None, "udp"), ...]

A behaviour is a function from an `Answer` to another. The behaviours alter the correct answer to a transfer, in the
given order. A correct error, as for an unknown zone or key, stays as it is. Those in `soa` alter the answers to SOA
queries, over UDP and TCP. Answers to signed queries are signed after a behaviour, unless it is about TSIG. So a client
finds the fault behind a valid signature.

Messages are numbered from 0; -1 is the last.
"""

import contextlib
import itertools
import random
import socket
import socketserver
import struct
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

import dns.message
import dns.name
import dns.rcode
import dns.rdata
import dns.rdataclass
import dns.rdatatype

from primaries.server import HOST, Key
from primaries.small import FOR_EVER, RR, Answer, End, Pace, Small, Step, with_tsig_error

Behaviour = Callable[[Answer], Answer]


class Hostile(Small):
    """`Small` with answers that behaviours alter."""

    def __init__(
        self,
        zones: Mapping[str, str],
        *behaviours: Behaviour,
        keys: Sequence[Key] = (),
        require_key: Mapping[str, str] | None = None,
        soa: Sequence[Behaviour] = (),
        port: int = 0,
    ) -> None:
        super().__init__(zones, keys, require_key, port=port)
        self._behaviours = behaviours
        self._soa = tuple(soa)

    def behave(self, *behaviours: Behaviour, soa: Sequence[Behaviour] = ()) -> None:
        """Set the behaviours from the next query on."""
        self._behaviours, self._soa = behaviours, tuple(soa)

    def answer(self, query: dns.message.Message) -> Answer:
        """Return the correct answer, altered by the behaviours."""
        answer = super().answer(query)
        if answer.rcode != dns.rcode.NOERROR:
            return answer
        asked = query.question[0].rdtype
        for behave in self._soa if asked == dns.rdatatype.SOA else self._behaviours:
            answer = behave(answer)
        return answer


# --- Correct answers of all kinds


def honest() -> Behaviour:
    """A correct answer."""
    return lambda answer: answer


def messages_of(records: int) -> Behaviour:
    """A number of RRs in each message."""
    return lambda answer: replace(answer, per_message=records)


def canonical_order() -> Behaviour:
    """RRs in the order of RFC 4034 section 6."""
    return _between(lambda records: sorted(records, key=lambda rr: (rr.owner, rr.rdata.rdtype, rr.rdata)))


def shuffled(seed: int = 0) -> Behaviour:
    """RRs in random order, so RRsets are not together."""
    return _between(lambda records: random.Random(seed).sample(records, len(records)))


def scattered() -> Behaviour:
    """The first RR of every RRset, then the second of each. With `messages_of`, every RRset is in many messages."""

    def scatter(records: list[RR]) -> list[RR]:
        seen: dict[tuple[dns.name.Name, int], int] = {}
        rounds = []
        for record in records:
            place = record.owner, record.rdata.rdtype
            seen[place] = seen.get(place, -1) + 1
            rounds.append((seen[place], record))
        return [record for _, record in sorted(rounds, key=lambda pair: pair[0])]

    return _between(scatter)


def tsig_every(count: int) -> Behaviour:
    """A TSIG on the first message, the last, and every `count`th, at most 100 (RFC 8945 section 5.3.1)."""
    return _signing(every=count)


# --- Unusual data, and wrong data


def differing_ttls() -> Behaviour:
    """Different TTLs in an RRset: each RR has a second less than the one before."""

    def lower(records: list[RR]) -> list[RR]:
        seen: dict[tuple[dns.name.Name, int], int] = {}
        changed = []
        for record in records:
            place = record.owner, record.rdata.rdtype
            changed.append(record._replace(ttl=max(record.ttl - seen.get(place, 0), 0)))
            seen[place] = seen.get(place, 0) + 1
        return changed

    return _between(lower)


def duplicated() -> Behaviour:
    """All RRs, and then all of them again."""
    return _between(lambda records: records * 2)


def mixed_case() -> Behaviour:
    """Owner names in mixed case, different in every RR of an RRset."""

    def mix(records: list[RR]) -> list[RR]:
        rng = random.Random(0)
        return [record._replace(owner=_mixed(record.owner, rng)) for record in records]

    return _between(mix)


def with_records(*records: tuple[str, str, str], ttl: int = 300) -> Behaviour:
    """More RRs, as (absolute owner name, type, rdata)."""
    more = [
        RR(dns.name.from_text(owner), ttl, dns.rdata.from_text(dns.rdataclass.IN, rdtype, text))
        for owner, rdtype, text in records
    ]
    return _between(lambda honest: [*honest, *more])


def out_of_zone() -> Behaviour:
    """RRs outside the zone: in an unrelated zone, at the parent, and at a name that only ends with the same text."""

    def add(answer: Answer) -> Answer:
        zone = answer.zone
        owners = ("www.stranger.test.", zone.parent().to_text(), f"not{zone.to_text()}")
        return with_records(*((owner, "A", "192.0.2.66") for owner in owners))(answer)

    return add


def class_ch() -> Behaviour:
    """One RR of class CH in the middle."""
    chaos = dns.rdata.GenericRdata(dns.rdataclass.CH, dns.rdatatype.TXT, b"\x05chaos")

    def add(answer: Answer) -> Answer:
        record = RR(dns.name.from_text("chaos", answer.zone), 300, chaos)
        return _between(lambda records: [*records, record])(answer)

    return add


def no_apex_ns() -> Behaviour:
    """A zone without NS at its apex."""

    def drop(answer: Answer) -> Answer:
        def wanted(record: RR) -> bool:
            return record.owner != answer.zone or record.rdata.rdtype != dns.rdatatype.NS

        return replace(answer, records=tuple(filter(wanted, answer.records)))

    return drop


def another_zone(name: str) -> Behaviour:
    """The zone under another name, also in the question."""
    other = dns.name.from_text(name)

    def rename(answer: Answer) -> Answer:
        def moved(record: RR) -> RR:
            return record._replace(owner=record.owner.relativize(answer.zone).derelativize(other))

        return replace(answer, question=other, records=tuple(map(moved, answer.records)))

    return rename


def another_question(name: str) -> Behaviour:
    """The right RRs with the wrong question."""
    return lambda answer: replace(answer, question=dns.name.from_text(name))


def another_soa(name: str) -> Behaviour:
    """The right question with the SOAs of another zone."""
    other = dns.name.from_text(name)

    def rename(answer: Answer) -> Answer:
        first, *rest, last = answer.records
        return replace(answer, records=(first._replace(owner=other), *rest, last._replace(owner=other)))

    return rename


# --- Wrong beginnings and ends of transfers


def rcode(code: dns.rcode.Rcode) -> Behaviour:
    """An error and no RRs: `rcode(dns.rcode.REFUSED)`."""
    return lambda answer: replace(answer, rcode=code, records=())


def without_ixfr() -> Behaviour:
    """NOTIMP to an IXFR."""

    def behave(answer: Answer) -> Answer:
        asked = answer.query.question[0].rdtype
        return replace(answer, rcode=dns.rcode.NOTIMP, records=()) if asked == dns.rdatatype.IXFR else answer

    return behave


def rcode_in_the_middle(code: dns.rcode.Rcode, on: int = 1) -> Behaviour:
    """An error in a later message."""
    return _each(on, lambda message: message[:3] + bytes([message[3] & 0xF0 | code]) + message[4:])


def empty() -> Behaviour:
    """NOERROR and no RRs."""
    return lambda answer: replace(answer, records=())


def first_not_soa() -> Behaviour:
    """The opening SOA is missing."""
    return lambda answer: replace(answer, records=answer.records[1:])


def no_closing_soa() -> Behaviour:
    """The closing SOA is missing, and the connection stays open."""
    return lambda answer: replace(answer, records=answer.records[:-1])


def closing_serial(serial: int | None = None) -> Behaviour:
    """The closing SOA has another serial, by default the next."""

    def alter(answer: Answer) -> Answer:
        *rest, last = answer.records
        other = (last.rdata.serial + 1) & 0xFFFFFFFF if serial is None else serial
        return replace(answer, records=(*rest, last._replace(rdata=last.rdata.replace(serial=other))))

    return alter


def closing_case() -> Behaviour:
    """The closing SOA has its names in upper case."""

    def alter(answer: Answer) -> Answer:
        *rest, last = answer.records
        names = {
            field: dns.name.from_text(getattr(last.rdata, field).to_text().upper()) for field in ("mname", "rname")
        }
        return replace(answer, records=(*rest, last._replace(rdata=last.rdata.replace(**names))))

    return alter


def trailing() -> Behaviour:
    """An RR after the closing SOA, in the same message."""

    def add(answer: Answer) -> Answer:
        late = with_records((f"late.{answer.zone}", "A", "192.0.2.77"))(answer).records[-2]
        return replace(answer, records=(*answer.records, late))

    return add


def cut(after: int | None = None) -> Behaviour:
    """The connection is closed after some messages, by default after all but the closing SOA."""
    if after is not None:
        return _paced(lambda steps: itertools.chain(itertools.islice(steps, after), [End.CLOSE]))
    closed = _paced(lambda steps: itertools.chain(steps, [End.CLOSE]))
    return lambda answer: closed(no_closing_soa()(answer))


def reset(after: int = 0) -> Behaviour:
    """The connection is reset after some messages."""
    return _paced(lambda steps: itertools.chain(itertools.islice(steps, after), [0.05, End.RESET]))


def stall(after: int = 0, seconds: float = FOR_EVER) -> Behaviour:
    """Silence after some messages, for ever or for some seconds."""
    return _paced(lambda steps: itertools.chain(itertools.islice(steps, after), [seconds], steps))


def paused(seconds: float) -> Behaviour:
    """A pause before every message but the first."""

    def slowly(steps: Iterator[Step]) -> Iterator[Step]:
        yield from itertools.islice(steps, 1)
        for step in steps:
            yield seconds
            yield step

    return _paced(slowly)


def empty_messages(count: int) -> Behaviour:
    """Messages without RRs behind the first one."""

    def insert(messages: list[bytes]) -> list[bytes]:
        first, *rest = messages
        question = dns.message.from_wire(first).question[0]
        asked = question.name.to_wire() + struct.pack("!HH", question.rdtype, question.rdclass)
        return [first, *[first[:6] + bytes(2) + first[8:12] + asked] * count, *rest]

    return lambda answer: replace(answer, edits=(*answer.edits, insert))


def drip(octets: int = 1, seconds: float = 1.0, after: int = 0) -> Behaviour:
    """A few bytes at a time, after some messages."""

    def slowly(steps: Iterator[Step]) -> Iterator[Step]:
        yield from itertools.islice(steps, after)
        for step in steps:
            if not isinstance(step, bytes):
                yield step
                continue
            for start in range(0, len(step), octets):
                yield step[start : start + octets]
                yield seconds

    return _paced(slowly)


# --- Wrong messages


def wrong_id(on: int = 0) -> Behaviour:
    """A message with the id of another query."""
    return _each(on, lambda message: bytes([message[0] ^ 0xFF]) + message[1:])


def not_an_answer(on: int = 0) -> Behaviour:
    """A message with the flag of a query."""
    return _each(on, lambda message: message[:2] + bytes([message[2] & 0x7F]) + message[3:])


def not_authoritative(on: int = 0) -> Behaviour:
    """A message without the flag AA, as of a resolver."""
    return _each(on, lambda message: message[:2] + bytes([message[2] & 0xFB]) + message[3:])


def truncated(on: int = -1) -> Behaviour:
    """Half of a message. Then the connection is closed."""

    def halve(steps: Iterator[Step]) -> Iterator[Step]:
        frames = list(steps)
        index = range(len(frames))[on]
        yield from frames[:index]
        yield frames[index][: len(frames[index]) // 2]
        yield End.CLOSE

    return _paced(halve)


def garbage(on: int = 0) -> Behaviour:
    """A message of random bytes, in a frame of the right length."""
    return _each_signed(on, lambda message: random.Random(len(message)).randbytes(len(message)))


def garbage_frames() -> Behaviour:
    """Bytes that are no frames: the response of an HTTP server."""
    page = b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"
    return _paced(lambda _: iter([page, End.CLOSE]))


def counts_lie(on: int = 0) -> Behaviour:
    """A header that counts one answer more than the message has."""
    return _each(on, lambda message: message[:6] + (_answers(message) + 1).to_bytes(2, "big") + message[8:])


def pointer_loop(on: int = 0) -> Behaviour:
    """One more RR. Its owner name is a compression pointer to itself."""
    return _appended(on, lambda end: (0xC000 | end).to_bytes(2, "big") + _A_RECORD)


def pointer_forward(on: int = 0) -> Behaviour:
    """One more RR. Its owner name points behind the message."""
    return _appended(on, lambda end: (0xC000 | end + 500).to_bytes(2, "big") + _A_RECORD)


def rdata_length_lies(on: int = 0) -> Behaviour:
    """One more RR, an A with an rdata length beyond the message."""
    return _appended(on, lambda _: b"\x03lie\xc0\x0c" + struct.pack("!HHIH", 1, 1, 300, 40_000) + bytes(4))


def rdata_too_short(on: int = 0) -> Behaviour:
    """One more RR, an A of three bytes."""
    return _appended(on, lambda _: b"\x03lie\xc0\x0c" + struct.pack("!HHIH", 1, 1, 300, 3) + bytes(3))


# --- TSIG


def tsig_bad(on: int = 0) -> Behaviour:
    """A MAC with one bit changed."""
    return _signing(spoiled=frozenset({on}))


def tsig_missing(on: int = -1) -> Behaviour:
    """No TSIG on a message that needs one, the last or the first."""
    return _signing(unsigned=frozenset({on}))


def unsigned() -> Behaviour:
    """No TSIG at all."""
    return lambda answer: replace(answer, signing=None)


def tsig_skewed(seconds: int = 3600) -> Behaviour:
    """Valid signatures with a wrong time."""
    return _signing(skew=seconds)


def tsig_by(key: Key) -> Behaviour:
    """Valid signatures with another key."""
    return _signing(key=key.tsig())


def tampered(on: int = 0) -> Behaviour:
    """A message with the AD bit of its header changed after it was signed."""
    return _each_signed(on, lambda message: message[:3] + bytes([message[3] ^ 0x20]) + message[4:])


def tsig_error(error: dns.rcode.Rcode) -> Behaviour:
    """NOTAUTH to a signed query, with BADKEY, BADSIG or BADTIME in the TSIG."""

    def refuse(answer: Answer) -> Answer:
        if answer.signing is None:
            return answer
        return with_tsig_error(answer, error, answer.signing.key)

    return refuse


# --- Ports without a name server


@contextlib.contextmanager
def unreachable(*hosts: str, port: int = 0) -> Iterator[int]:
    """Let a port of loopback addresses complete no connection, as if packets were lost. Yield the port."""
    with contextlib.ExitStack() as stack:
        for host in hosts:
            listening = stack.enter_context(socket.create_server((host, port), backlog=0))
            port = listening.getsockname()[1]
            for _ in range(3):  # the queue has room for one
                waiting = stack.enter_context(socket.socket())
                waiting.setblocking(False)
                waiting.connect_ex((host, port))
        yield port


@contextlib.contextmanager
def talking(talk: Callable[[socket.socket, threading.Event], None]) -> Iterator[int]:
    """Give each connection to `talk`, which has to return when the event is set. Yield the port."""
    over = threading.Event()

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with contextlib.suppress(OSError):
                talk(self.request, over)

    with socketserver.ThreadingTCPServer((HOST, 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            over.set()
            server.shutdown()
            thread.join()


def endless_handshake(connection: socket.socket, over: threading.Event) -> None:
    """Send a TLS record of the handshake, an octet at a time, and never its end."""
    connection.sendall(b"\x16\x03\x03\x40\x00")
    while not over.wait(0.1):
        connection.sendall(b"\x02")


def reset_soon(connection: socket.socket, over: threading.Event) -> None:
    """Reset the connection after a moment, and read nothing."""
    over.wait(0.1)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def silent(_: socket.socket, over: threading.Event) -> None:
    """Say nothing."""
    over.wait()


# --- Parts of behaviours

_A_RECORD = struct.pack("!HHIH", dns.rdatatype.A, dns.rdataclass.IN, 300, 4) + bytes([192, 0, 2, 88])


def _between(alter: Callable[[list[RR]], list[RR]]) -> Behaviour:
    """Alter the RRs between the SOAs."""

    def behave(answer: Answer) -> Answer:
        if len(answer.records) < 2:
            return answer
        first, *rest, last = answer.records
        return replace(answer, records=(first, *alter(rest), last))

    return behave


def _each(on: int, alter: Callable[[bytes], bytes]) -> Behaviour:
    """Alter one message before it is signed."""
    return lambda answer: replace(answer, edits=(*answer.edits, lambda messages: _edit(messages, on, alter)))


def _each_signed(on: int, alter: Callable[[bytes], bytes]) -> Behaviour:
    """Alter one message after it was signed."""
    return lambda answer: replace(
        answer, after_signing=(*answer.after_signing, lambda messages: _edit(messages, on, alter))
    )


def _edit(messages: list[bytes], on: int, alter: Callable[[bytes], bytes]) -> list[bytes]:
    changed = list(messages)
    changed[on] = alter(changed[on])
    return changed


def _appended(on: int, record: Callable[[int], bytes]) -> Behaviour:
    """Append one RR to a message. `record` makes it from its offset."""

    def append(message: bytes) -> bytes:
        return message[:6] + (_answers(message) + 1).to_bytes(2, "big") + message[8:] + record(len(message))

    return _each(on, append)


def _paced(pace: Pace) -> Behaviour:
    return lambda answer: replace(answer, paces=(*answer.paces, pace))


def _signing(**changes: object) -> Behaviour:
    def behave(answer: Answer) -> Answer:
        return replace(answer, signing=answer.signing and replace(answer.signing, **changes))

    return behave


def _answers(message: bytes) -> int:
    return int.from_bytes(message[6:8], "big")


def _mixed(name: dns.name.Name, rng: random.Random) -> dns.name.Name:
    return dns.name.Name(
        bytes(
            octet ^ 0x20 if chr(octet).isalpha() and octet < 0x80 and rng.random() < 0.5 else octet for octet in label
        )
        for label in name.labels
    )
