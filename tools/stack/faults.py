"""Faults: some calls of the functions to DynamoDB and S3 fail, at random, as calls to AWS do now and then.

They strike in front of the emulator, so the retries of botocore are tested too. The kinds are:

    throttled    refused: ThrottlingException and the like, or SlowDown
    cancelled    a transaction that is refused because of another one, or of a throttle: TransactionCanceledException
    unprocessed  a batch of which nothing was done
    broken       refused: InternalServerError, or InternalError
    lost         done, but the connection ends without a response, or the response is an error 500
    cut          an object whose connection ends in the middle
    late         done up to a second later, or later than the caller waits

Some faults begin a burst: all calls of one function to one service fail alike for up to `LONGEST_BURST` seconds. This
outlasts the retries. The fate of a function's nth call of an operation depends only on the seed and the bursts.

`GET /_zonewright/faults` returns the share of the calls that fail, and the faults so far by service and kind.
`PUT` with `{"share": 0.02}` changes the share, and ends all bursts.
"""

import asyncio
import json
import random
import threading
import time
import types
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from stack.meter import Count, Meter

PATH = "/_zonewright/faults"
BURSTS = 0.05
"""Share of the faults that begin a burst."""
LONGEST_BURST = 20.0
"""Seconds of the longest burst. The retries of a read take up to seven."""
SLOW, SLOWEST = 1.0, 8.0
"""Seconds of the longest delay, and of the longest of one call in eight, which exceeds what the functions wait for."""

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Ask = Callable[[Any, Receive, Send], Awaitable[None]]
Reply = tuple[int, str, bytes]
"""Status, content type and body of a response."""

_BATCHES = {"BatchWriteItem": "UnprocessedItems", "BatchGetItem": "UnprocessedKeys"}
_CANCELLATIONS = ("TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded")
_CODES = {
    ("dynamodb", "throttled"): (
        (400, "ThrottlingException"),
        (400, "ProvisionedThroughputExceededException"),
        (400, "RequestLimitExceeded"),
    ),
    ("dynamodb", "broken"): ((500, "InternalServerError"), (503, "ServiceUnavailable")),
    ("s3", "throttled"): ((503, "SlowDown"),),
    ("s3", "broken"): ((500, "InternalError"), (503, "ServiceUnavailable")),
}
"""Status and code of the errors by service and kind."""


def kinds(service: str, operation: str) -> tuple[str, ...]:
    """Return the kinds of faults that a call may meet. There are none for other services."""
    if service == "dynamodb":
        more = ("cancelled",) * (operation == "TransactWriteItems") + ("unprocessed",) * (operation in _BATCHES)
    elif service == "s3":
        more = ("cut",) * (operation == "GET")
    else:
        return ()
    return ("throttled", "broken", "lost", "late", *more)


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens to one call: the kind, and the source of its other choices."""

    kind: str
    chance: random.Random


class Faults:
    """Faults of one emulator. `share` of the functions' calls begin to fail."""

    def __init__(self, share: float, seed: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.share, self.seed = share, seed
        self.struck: Counter[str] = Counter()
        """The number of faults by service and kind, and of bursts."""
        self._calls: Counter[tuple[str, str, str]] = Counter()
        self._bursts: dict[tuple[str, str], tuple[float, str]] = {}
        self._clock = clock
        self._choosing = threading.Lock()

    def next(self, call: Count) -> Fault | None:
        """Return what happens to the next call of an operation by a function, or None if it goes well."""
        possible = kinds(call.service, call.operation)
        if not (self.share and possible):
            return None
        with self._choosing:
            what = (call.function, call.service, call.operation)
            self._calls[what] += 1
            chance = random.Random(f"{self.seed} {what} {self._calls[what]}")  # noqa: S311 - keeps no secret
            until, kind = self._bursts.get(what[:2], (0.0, ""))
            if self._clock() >= until:
                if chance.random() >= self.share:
                    return None
                kind = chance.choice(possible)
                if chance.random() < BURSTS:
                    kind = chance.choice(("throttled", "broken", "lost"))
                    self._bursts[what[:2]] = self._clock() + chance.uniform(1, LONGEST_BURST), kind
                    self.struck["bursts"] += 1
            self.struck[f"{call.service} {kind}"] += 1
        return Fault(kind, chance)

    def set_share(self, share: float) -> None:
        """Change the share of the calls that begin to fail, and end all bursts."""
        with self._choosing:
            self.share = share
            self._bursts.clear()

    def inject(self, app: types.ModuleType, meter: Meter) -> None:
        """Let the faults strike the requests of functions, and serve `PATH`."""
        plain = app.app
        _close_silently()

        async def faulty(scope: Any, receive: Receive, send: Send) -> None:
            if scope["type"] == "http" and scope["path"] == PATH:
                await _answer(send, await self._control(scope, receive))
                return
            call = meter.call_of(scope) if scope["type"] == "http" else None
            fault = self.next(call) if call else None
            if call is None or fault is None:
                await plain(scope, receive, send)
            else:
                await _strike(fault, call, plain, (scope, receive, send))

        app.app = faulty  # type: ignore[attr-defined]

    async def _control(self, scope: Any, receive: Receive) -> Reply:
        if scope["method"] == "PUT":
            self.set_share(float(json.loads(await _body(receive))["share"]))
        shown = {"share": self.share, "seed": self.seed, "struck": dict(self.struck)}
        return 200, "application/json", json.dumps(shown).encode()


async def _strike(fault: Fault, call: Count, plain: Ask, request: tuple[Any, Receive, Send]) -> None:
    """Answer the request of a call as the fault wants it."""
    scope, receive, send = request
    chance = fault.chance
    if fault.kind == "late":
        await asyncio.sleep(chance.uniform(SLOW, SLOWEST) if chance.random() < 1 / 8 else chance.uniform(0, SLOW))
        await plain(scope, receive, send)
    elif fault.kind in {"lost", "cut"}:
        answer: list[Message] = []

        async def keep(message: Message) -> None:
            answer.append(message)

        await plain(scope, receive, keep)
        if fault.kind == "cut":
            await _cut(send, answer)
        elif chance.random() < 0.5:
            await _answer(send, _refusal(call, "broken", b"", chance))
        else:
            scope[_SILENT] = True
    else:
        await _answer(send, _refusal(call, fault.kind, await _body(receive), chance))


async def _cut(send: Send, answer: list[Message]) -> None:
    """Send the first half of an answer. The server closes the connection of an answer without an end."""
    start, *rest = answer
    body = b"".join(message.get("body", b"") for message in rest)
    await send(start)
    await send({"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True})


def _refusal(call: Count, kind: str, body: bytes, chance: random.Random) -> Reply:
    """Return the response to a call that is refused."""
    if call.service == "s3":
        status, code = chance.choice(_CODES["s3", kind])
        text = f"<Error><Code>{code}</Code><Message>Injected by the local stack</Message></Error>"
        return status, "application/xml", text.encode()
    answer: dict[str, Any] = {"message": "Injected by the local stack"}
    status = 400
    if kind == "unprocessed":
        status, answer = 200, {_BATCHES[call.operation]: json.loads(body)["RequestItems"], "Responses": {}}
    elif kind == "cancelled":
        codes = ["None"] * len(json.loads(body)["TransactItems"])
        codes[chance.randrange(len(codes))] = chance.choice(_CANCELLATIONS)
        answer["__type"] = f"{_DYNAMODB}TransactionCanceledException"
        answer["CancellationReasons"] = [{"Code": code} for code in codes]
    else:
        status, code = chance.choice(_CODES["dynamodb", kind])
        answer["__type"] = _DYNAMODB + code
    return status, "application/x-amz-json-1.0", json.dumps(answer).encode()


async def _body(receive: Receive) -> bytes:
    parts = []
    while (message := await receive())["type"] == "http.request":
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            break
    return b"".join(parts)


async def _answer(send: Send, reply: Reply) -> None:
    status, kind, body = reply
    headers = [(b"content-type", kind.encode()), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


_DYNAMODB = "com.amazonaws.dynamodb.v20120810#"
_SILENT = "zonewright.silent"


def _close_silently() -> None:
    """Let the server close a connection without a response where the scope says so. It would send a 500."""
    from hypercorn.protocol.http_stream import ASGIHTTPState, HTTPStream

    plain = HTTPStream._send_error_response  # noqa: SLF001 - Hypercorn has no hook for it

    async def send_or_close(stream: Any, status: int) -> None:
        if _SILENT in stream.scope:
            stream.state = ASGIHTTPState.CLOSED
        else:
            await plain(stream, status)

    HTTPStream._send_error_response = send_or_close  # type: ignore[method-assign, assignment] # noqa: SLF001
