"""Function that delivers zones (Lambda): begun without waiting for its end, or asked for what name servers say."""

import json
from collections.abc import Mapping
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

    def look(self, zone_id: str, name: str, connections: Mapping[str, Any]) -> dict[str, Any]:
        """Return what the name servers of a zone to connect say (`delivery/looking.py`).

        Raise RuntimeError if the function failed, or botocore's errors.
        """
        detail = json.dumps({"zone_id": zone_id, "look": {"name": name, "connections": connections}}).encode()
        answer = self.client.invoke(FunctionName=self.function, Payload=detail)
        found: dict[str, Any] = json.loads(answer["Payload"].read())
        if "end" not in found:
            raise RuntimeError(f"the look at zone {name} failed: {found.get('errorMessage', found)}")
        return found
