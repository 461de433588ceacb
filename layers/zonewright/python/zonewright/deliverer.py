"""Function that delivers zones (Lambda): begun asynchronously, without waiting for its end."""

import json
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Deliverer:
    """Function that delivers zones, by its name."""

    client: Any
    function: str

    def begin(self, zone_id: str) -> None:
        """Begin to deliver a zone. Raise botocore's errors; the dispatcher of the next minute begins it then."""
        detail = json.dumps({"zone_id": zone_id}).encode()
        self.client.invoke(FunctionName=self.function, InvocationType="Event", Payload=detail)
