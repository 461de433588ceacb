"""What differs at the name servers that a zone is pushed to. The function that delivers looks: it may reach them."""

import json
from typing import Any

from zonewright.errors import Invalid
from zonewright.operations.naming import zone_of
from zonewright.operations.stack import Stack
from zonewright.service import Service


def report(service: Service, stack: Stack, named: str) -> dict[str, Any]:
    """Return what a repair would change at each target of a zone, by name or id. Nothing is changed.

    Raise ZoneNotFound, or Invalid if the function failed.
    """
    zone = zone_of(service, named)
    detail = json.dumps({"zone_id": zone.id, "compare": True}).encode()
    answer = stack.client("lambda").invoke(FunctionName=service.settings.deliverer, Payload=detail)
    found = json.loads(answer["Payload"].read())
    if "targets" not in found:
        raise Invalid(f"the comparison failed: {found.get('errorMessage', found)}")
    return {"zone": zone.name, "targets": found["targets"]}
