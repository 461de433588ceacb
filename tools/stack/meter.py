"""Meter: counts of the functions' calls to AWS, in the units of its bills. The bench computes dollars from them.

`GET /_zonewright/meter` returns all counts since the emulator started, as JSON rows by function, service and operation:

    calls, sent, received   number of calls, bytes of their bodies, bytes of the responses' bodies
    units                   dynamodb: write or read units, computed from the items and their indexes as in DynamoDB
                            lambda Invoke: gigabyte-seconds, of the template's memory and the measured time, with that
                            of a start
                            logs Ingest: bytes, as CloudWatch counts them; `calls` are lines
                            events PutEvents: events
                            states Transition: entered states of all executions; End counts ended executions

The access key of its role's session identifies a function.
"""

import json
import re
import threading
import time
import types
from collections.abc import Awaitable, Callable, Iterator
from contextvars import ContextVar
from dataclasses import asdict, dataclass
from typing import Any

PATH = "/_zonewright/meter"
WRITES = ("PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems")
READS = ("GetItem", "Query", "BatchGetItem")
STATES = ("pass", "task", "choice", "wait", "parallel", "map")
WRITE_UNIT, READ_UNIT = 1 << 10, 4 << 10
PLATFORM_LINES, PLATFORM_OCTETS = 3, 285
"""Lines that Lambda adds to the log of an invocation, START, END and REPORT, and their bytes."""
LOG_LINE = 26
"""Bytes that CloudWatch adds to each line on its bill."""

Handler = Callable[[Any], Any]
"""MiniStack's handler of an operation. Takes the body of a request, returns status, headers and body."""
Metered = Callable[[Any, Any, Handler], tuple[Any, float]]

_CREDENTIAL = re.compile(rb"Credential=([^/]+)/[^/]+/[^/]+/([^/]+)/")


@dataclass(slots=True)
class Count:
    """One row of counts."""

    function: str
    service: str
    operation: str
    calls: int = 0
    sent: int = 0
    received: int = 0
    units: float = 0


class Meter:
    """All rows of counts. `current` is the row of the request that is being handled."""

    def __init__(self) -> None:
        self.rows: dict[tuple[str, str, str], Count] = {}
        self.functions: dict[str, str] = {}
        self.current: ContextVar[Count | None] = ContextVar("current", default=None)
        self._counting = threading.Lock()

    def add(self, row: Count) -> None:
        """Add a row to the row of the same function, service and operation."""
        with self._counting:
            place = row.function, row.service, row.operation
            so_far = self.rows.setdefault(place, Count(*place))
            so_far.calls += row.calls
            so_far.sent += row.sent
            so_far.received += row.received
            so_far.units += row.units

    def count_requests(self, app: types.ModuleType) -> None:
        """Count the requests of functions, and serve the counts at `PATH`."""
        plain = app.app

        async def counted(scope: Any, receive: Any, send: Callable[[Any], Awaitable[None]]) -> None:
            if scope["type"] == "http" and scope["path"] == PATH:
                body = json.dumps([asdict(row) for row in self.rows.values()]).encode()
                await send({"type": "http.response.start", "status": 200, "headers": []})
                await send({"type": "http.response.body", "body": body})
                return
            row = self.call_of(scope) if scope["type"] == "http" else None
            if row is None:
                await plain(scope, receive, send)
                return

            async def counting(message: Any) -> None:
                row.received += len(message.get("body", b""))
                await send(message)

            self.current.set(row)
            await plain(scope, receive, counting)
            self.add(row)

        app.app = counted  # type: ignore[attr-defined]

    def call_of(self, scope: Any) -> Count | None:
        """Return a new row for the request of a function, or None for other requests."""
        headers = dict(scope["headers"])
        found = _CREDENTIAL.search(headers.get(b"authorization", b""))
        function = self.functions.get(found[1].decode()) if found else None
        if found is None or function is None:
            return None
        operation = headers.get(b"x-amz-target", b"").decode().partition(".")[2] or scope["method"]
        if operation == "GET" and b"list-type" in scope["query_string"]:
            operation = "LIST"
        sent = headers.get(b"x-amz-decoded-content-length") or headers.get(b"content-length") or b"0"
        return Count(function, found[2].decode(), operation, calls=1, sent=int(sent))

    def count_invocations(self, worker: types.ModuleType) -> None:
        """Count the invocations of functions, and note the access keys of their sessions."""
        credentials = worker.execution_credentials
        invoke = worker.Worker.invoke

        def noted(config: Any) -> Any:
            made = credentials(config)
            self.functions[made["AWS_ACCESS_KEY_ID"]] = _logical(config)
            return made

        def timed(this: Any, *arguments: Any, **named: Any) -> Any:
            begun = time.monotonic()
            result = invoke(this, *arguments, **named)
            gigabytes = int(this.config.get("MemorySize", 128)) / 1024
            spent = (time.monotonic() - begun) * gigabytes
            self.add(Count(_logical(this.config), "lambda", "Invoke", calls=1, units=spent))
            return result

        worker.execution_credentials = noted  # type: ignore[attr-defined]
        worker.Worker.invoke = timed

    def count_logs(self, service: types.ModuleType) -> None:
        """Count what functions log."""
        emit = service._emit_lambda_logs  # noqa: SLF001 - MiniStack has no hook for it

        def counted(function: Any, request_id: str, text: str, *arguments: Any, **named: Any) -> None:
            lines = len(text.splitlines()) + PLATFORM_LINES
            octets = len(text.encode()) + PLATFORM_OCTETS + lines * LOG_LINE
            self.add(Count(_logical(function.get("config") or function), "logs", "Ingest", calls=lines, units=octets))
            emit(function, request_id, text, *arguments, **named)

        service._emit_lambda_logs = counted  # type: ignore[attr-defined] # noqa: SLF001

    def count_events(self, eventbridge: types.ModuleType) -> None:
        """Count the events that functions put on a bus."""
        put = eventbridge._put_events  # noqa: SLF001

        def counted(data: Any, *arguments: Any, **named: Any) -> Any:
            row = self.current.get()
            if row is not None and row.operation == "PutEvents":
                row.units += len(data.get("Entries", ()))
            return put(data, *arguments, **named)

        eventbridge._put_events = counted  # type: ignore[attr-defined] # noqa: SLF001

    def count_states(self, stepfunctions: types.ModuleType) -> None:
        """Count the states that executions enter."""

        def entered() -> None:
            self.add(Count("", "states", "Transition", calls=1, units=1))

        def counted(execute: Callable[..., Any]) -> Callable[..., Any]:
            def enter(*arguments: Any, **named: Any) -> Any:
                entered()
                return execute(*arguments, **named)

            return enter

        for name in STATES:
            setattr(stepfunctions, f"_execute_{name}", counted(getattr(stepfunctions, f"_execute_{name}")))
        note = stepfunctions._add_event  # noqa: SLF001 - MiniStack executes the states that end inline

        def noted(execution: Any, kind: str, *about: Any) -> Any:
            if kind in {"SucceedStateEntered", "FailStateEntered"}:
                entered()
                self.add(Count("", "states", "End", calls=1))
            return note(execution, kind, *about)

        stepfunctions._add_event = noted  # type: ignore[attr-defined] # noqa: SLF001

    def count_units(self, dynamodb: types.ModuleType) -> None:
        """Count the units of reads and writes."""
        for operation in (*WRITES, *READS):
            name = "_" + re.sub(r"(?<!^)(?=[A-Z])", "_", operation).lower()
            metered = _write if operation in WRITES else _read
            setattr(dynamodb, name, self._counted(dynamodb, operation, getattr(dynamodb, name), metered))

    def _counted(self, dynamodb: types.ModuleType, operation: str, handle: Handler, metered: Metered) -> Handler:
        def count(data: Any) -> Any:
            row = self.current.get()
            if row is None or row.operation != operation:  # not from a function, or an operation within another
                return handle(data)
            answer, units = metered(dynamodb, data, handle)
            row.units += units
            return answer

        return count


def _logical(config: Any) -> str:
    """Return the logical id of a function, whose name is STACK-LOGICAL-ID."""
    return str(config["FunctionName"].split("-")[1])


def _write(dynamodb: Any, data: Any, handle: Handler) -> tuple[Any, float]:
    """Run a write. Return its response and its units, with those of the indexes.

    The larger of the old and the new item counts, and counts twice in a transaction.
    """
    targets = list(_targets(dynamodb, data))
    before = [_found(dynamodb, *target) for target in targets]
    answer = handle(data)
    total = 0.0
    for (table, key), old in zip(targets, before, strict=True):
        new = _found(dynamodb, table, key)
        octets = max(dynamodb._item_size_bytes(each) if each else 0 for each in (old, new))  # noqa: SLF001
        total += max(1, -(-octets // WRITE_UNIT)) * (2 if "TransactItems" in data else 1)
        for index in table.get("GlobalSecondaryIndexes") or []:
            total += dynamodb._index_write_units(table, index, old, new)  # noqa: SLF001
    return answer, total


def _targets(dynamodb: Any, data: Any) -> Iterator[tuple[Any, Any]]:
    """Yield the table and the key of every item of a write."""
    writes = [(data["TableName"], data)] if "TableName" in data else []
    writes += [(each["TableName"], each) for write in data.get("TransactItems", ()) for each in write.values()]
    for name, requests in data.get("RequestItems", {}).items():
        writes += [(name, each) for request in requests for each in request.values()]
    for name, write in writes:
        table = dynamodb._tables[name]  # noqa: SLF001
        yield table, write.get("Key") or dynamodb._extract_key_from_item(table, write["Item"])  # noqa: SLF001


def _found(dynamodb: Any, table: Any, key: Any) -> Any:
    """Return the current item of a key, or None."""
    item = dynamodb._get_item_by_key(table, key)  # noqa: SLF001
    return dict(item) if item else None


def _read(dynamodb: Any, data: Any, handle: Handler) -> tuple[Any, float]:
    """Run a read. Return its response and its units.

    The items of a query count together, other items one by one. A read that need not be consistent counts half.
    """
    answer = handle(data)
    found = json.loads(answer[2]) if answer[0] == 200 else {}
    size = dynamodb._item_size_bytes  # noqa: SLF001
    if "Responses" in found:
        units = [
            _units(size(item), data["RequestItems"][name])
            for name, items in found["Responses"].items()
            for item in items
        ]
        return answer, sum(units)
    items = found.get("Items", [found["Item"]] if "Item" in found else [])
    return answer, _units(sum(map(size, items)), data)


def _units(octets: int, asked: Any) -> float:
    return max(1, -(-octets // READ_UNIT)) * (1.0 if asked.get("ConsistentRead") else 0.5)
