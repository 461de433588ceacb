"""Event bus that others listen to (EventBridge)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

SOURCE = "zonewright"
"""The source of every event. Events that ask for a sync have another one, so no rule answers itself."""

MOST = 10
"""Events in one call (PutEvents)."""


@dataclass(frozen=True, slots=True)
class Event:
    """An event: its detail-type, and its detail as JSON has it."""

    kind: str
    detail: Mapping[str, Any]


class Client(Protocol):
    """The part of botocore's client that is used."""

    def put_events(self, *, Entries: Sequence[Any]) -> Any:  # noqa: N803 - as botocore has it
        """Put events on their buses."""


@dataclass(frozen=True, slots=True)
class Bus:
    """Event bus, by its name or ARN."""

    client: Client
    name: str

    def put(self, events: Sequence[Event]) -> int:
        """Put events on the bus, in order. Return how many it took before the first that it refused."""
        for first in range(0, len(events), MOST):
            answer = self.client.put_events(Entries=[self._entry(each) for each in events[first : first + MOST]])
            for number, entry in enumerate(answer["Entries"]):
                if "ErrorCode" in entry:
                    return first + number
        return len(events)

    def _entry(self, event: Event) -> Any:
        detail = json.dumps(event.detail)
        return {"Source": SOURCE, "DetailType": event.kind, "Detail": detail, "EventBusName": self.name}
